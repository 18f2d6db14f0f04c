import type { ClaimOptions } from '../attempt/claim.ts';
import type { Ended, Settlement } from '../attempt/settlement.ts';
import { JOB_STATUSES, type JobStatus } from '../contracts/job.ts';
import { TRANSITIONS, type Transition, type TransitionName, UNSEEN } from '../contracts/transitions.ts';
import { memoryTable } from '../testing/memory-table.ts';
import { sampleMessage, submissionIn } from '../testing/workbench.ts';
import { jobCancels } from './cancels.ts';
import type { DueRow } from './due-reads.ts';
import { dueWrites } from './due-writes.ts';
import { jobKey } from './keys.ts';
import { jobReplays } from './replays.ts';
import type { JobRow } from './row.ts';
import { jobWaits } from './waits.ts';
import { jobWrites } from './writes.ts';

const TABLE = 'jobs';
const now = new Date('2026-11-27T00:00:00.000Z');
const before = new Date(now.getTime() - 1000);
const later = new Date(now.getTime() + 3_600_000);
const job = { ...submissionIn(sampleMessage()), acceptedAt: before };
const fence = { ...job, attempt: 1 };
const error = { code: 'DOWN', message: 'downstream is down' };
const ended = <How extends Ended['outcome']>(outcome: How) => ({ outcome, error, archiveKey: 'key', now });
const claiming: ClaimOptions = {
  now,
  leaseUntil: later,
  maxAttempts: 3,
  evenIfVanished: false,
  evenIfNew: true,
  resumes: false,
};
const { pk } = jobKey(job);

/** A row on which each write holds, as far as its status allows it. */
const rowIn = (status: JobStatus) => ({
  pk,
  tenant: job.tenant,
  type: job.type,
  jobId: job.id,
  status,
  attempt: 1,
  revision: 3,
  acceptedAt: before.toISOString(),
  history: [],
  bodyDigest: job.bodyDigest,
  leaseUntil: before.getTime(),
  runAfter: before.toISOString(),
  startBy: before.toISOString(),
  dueSort: 'place',
});

function writers() {
  const table = memoryTable();
  const { client } = table;
  return {
    ...table,
    store: jobWrites(client, TABLE),
    due: dueWrites(client, TABLE),
    cancels: jobCancels(client, TABLE),
    waits: jobWaits(client, TABLE),
    replays: jobReplays(client, TABLE),
    row: () => table.rows.get(pk) as JobRow | undefined,
  };
}
type Writers = ReturnType<typeof writers>;

/** Writes, all the transitions that they make, and what their rows have besides. */
interface Case {
  makes: TransitionName[];
  writes: ((writers: Writers) => Promise<unknown>)[];
  row?: Partial<JobRow>;
}

const settling = (settlement: Settlement) => [({ store }: Writers) => store.settle(fence, settlement)];
/** The row as it was found in the due index. */
const found = ({ row }: Writers) => (row() ?? rowIn('SCHEDULED')) as DueRow;
const question = { name: 'question', token: 'token' };

const CASES: Case[] = [
  {
    makes: ['schedule'],
    writes: [
      ({ store }) =>
        store.schedule(
          { ...job, runAfter: later },
          { messageId: 'm', attributes: {}, lane: 'lane', body: { key: 'k' } },
          now,
        ),
    ],
  },
  { makes: ['enter the lane'], writes: [(each) => each.due.enterLane(found(each), now)] },
  { makes: ['claim'], writes: [({ store }) => store.claim(job, claiming)] },
  {
    makes: ['claim', 'claim again'],
    writes: [({ store }) => store.claim(job, { ...claiming, evenIfVanished: true })],
  },
  { makes: ['fail, to be tried again'], writes: [({ store }) => store.release(fence, { error, now })] },
  {
    makes: ['ask'],
    writes: [
      ({ waits }) =>
        waits.ask(fence, { name: 'question', question: '?', until: later }, { token: 'token', reminds: false, now }),
    ],
  },
  {
    makes: ['decide'],
    writes: [({ waits }) => waits.decide(job, { decision: 'approve' }, { now, lookAt: later })],
    row: { question },
  },
  { makes: ['succeed'], writes: settling({ outcome: 'SUCCEEDED', result: { json: '1' }, now }) },
  { makes: ['fail'], writes: settling(ended('FAILED')) },
  { makes: ['expire'], writes: settling(ended('EXPIRED')) },
  {
    makes: ['stop after a cancel'],
    writes: settling({ outcome: 'CANCELLED', now }),
    row: { cancelRequestedAt: before.toISOString() },
  },
  {
    makes: ['fail to enter the lane'],
    writes: [(each) => each.due.end(found(each), ended('FAILED'))],
    row: { attempt: 0 },
  },
  { makes: ['refuse'], writes: [({ store }) => store.refuse(job, ended('FAILED'))] },
  {
    makes: ['expire unstarted'],
    writes: [({ store }) => store.expire(job, ended('EXPIRED')), (each) => each.due.end(found(each), ended('EXPIRED'))],
    row: { attempt: 0 },
  },
  {
    makes: ['cancel'],
    writes: [({ cancels }) => cancels.cancel(job, { now, lookAt: later }, { acceptedAt: before, traceId: 'trace' })],
  },
  {
    makes: ['replay'],
    writes: [
      async ({ replays, row }) => {
        const read = row();
        if (read) await replays.reopen(job, read, now);
      },
    ],
  },
];

/** The transitions that writes make, as `from → to`. */
async function madeBy({ writes, row }: Case): Promise<string[]> {
  const made = new Set<string>();
  for (const status of [UNSEEN, ...JOB_STATUSES] as const) {
    for (const write of writes) {
      const each = writers();
      if (status !== UNSEEN) each.rows.set(pk, { ...rowIn(status), ...row });
      await write(each);
      const entered = each.row()?.history ?? [];
      expect(entered.length).toBeLessThanOrEqual(1);
      if (entered[0]) made.add(`${status} → ${entered[0].status}`);
    }
  }
  return [...made].toSorted();
}

const edgesOf = (name: TransitionName) => {
  const { from, to }: Transition = TRANSITIONS[name];
  return from.map((status) => `${status} → ${to}`);
};

describe('the writes of the jobs table', () => {
  it.each(CASES.map((each) => [each.makes.join(' and '), each] as const))(
    'make the transition %s from exactly the statuses that the table of transitions says',
    async (_, each) => {
      expect(await madeBy(each)).toEqual(each.makes.flatMap(edgesOf).toSorted());
    },
  );

  it('never change when the job of a row was accepted, which is part of the ids of its events', async () => {
    const acceptedAt = new Date(before.getTime() - 1000).toISOString();
    for (const { writes, row } of CASES) {
      for (const [status, write] of JOB_STATUSES.flatMap((each) => writes.map((write) => [each, write] as const))) {
        const each = writers();
        each.rows.set(pk, { ...rowIn(status), ...row, acceptedAt });
        await write(each);
        expect(each.row()?.acceptedAt).toBe(acceptedAt);
      }
    }
  });

  it('make every transition of the table', () => {
    expect([...new Set(CASES.flatMap(({ makes }) => makes))].toSorted()).toEqual(Object.keys(TRANSITIONS).toSorted());
  });
});

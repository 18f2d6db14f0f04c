import type { Settlement } from '../attempt/settlement.ts';
import { JOB_STATUSES } from '../contracts/job.ts';
import { TRANSITIONS, type Transition, type TransitionName, UNSEEN } from '../contracts/transitions.ts';
import {
  before,
  claiming,
  ended,
  error,
  fence,
  job,
  later,
  now,
  pk,
  rowIn,
  type Writers,
  writers,
} from '../testing/job-writers.ts';
import type { DueRow } from './due-reads.ts';
import type { JobRow } from './row.ts';

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

import type { ScheduledSubmission } from '../attempt/submission.ts';
import { memoryTable } from '../testing/memory-table.ts';
import { sampleMessage, submissionIn } from '../testing/workbench.ts';
import { jobCancels } from './cancels.ts';
import type { DueRow } from './due-reads.ts';
import { dueWrites } from './due-writes.ts';
import { jobKey } from './keys.ts';
import type { JobRow } from './row.ts';
import { jobWaits } from './waits.ts';
import { jobWrites } from './writes.ts';

const TABLE = 'jobs';
const NOW = new Date('2026-11-27T12:00:00.000Z');
const plus = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const job: ScheduledSubmission = { ...submissionIn(sampleMessage()), acceptedAt: NOW, runAfter: plus(60) };
const fence = { ...job, attempt: 1 };

/** The writes of one job's row, and the row as whoever handles what falls due has read it. */
function writers() {
  const { client, rows } = memoryTable();
  const row = () => rows.get(jobKey(job).pk) as JobRow | undefined;
  return {
    row,
    read: () => structuredClone(row()) as DueRow,
    store: jobWrites(client, TABLE),
    due: dueWrites(client, TABLE),
    cancels: jobCancels(client, TABLE),
    waits: jobWaits(client, TABLE),
  };
}

describe('a job that is moved while it is being started', () => {
  async function scheduled() {
    const writes = writers();
    await writes.store.schedule(job, { messageId: 'm', attributes: {}, lane: 'lane', body: { key: 'k' } }, NOW);
    const read = writes.read();
    await writes.due.move(job, plus(3600), plus(60));
    return { ...writes, read };
  }

  it('waits for its new time, so that the message that was sent for the old one does not start it', async () => {
    const { due, store, read, row } = await scheduled();
    expect(await due.enterLane(read, plus(60))).toBe(false);
    expect(row()).toMatchObject({ status: 'SCHEDULED', runAfter: plus(3600).toISOString() });
    const claim = await store.claim(job, {
      now: plus(61),
      leaseUntil: plus(100),
      maxAttempts: 3,
      evenIfVanished: false,
      evenIfNew: true,
      resumes: false,
    });
    expect(claim).toEqual({ kind: 'scheduled', runAfter: plus(3600) });
  });

  it('does not fail because its lane refused the message that was sent for the old time', async () => {
    const { due, read, row } = await scheduled();
    const error = { code: 'UNSENDABLE', message: 'it is too long' };
    expect(await due.end(read, { outcome: 'FAILED', error, archiveKey: 'key', now: plus(60) })).toBe(false);
    expect(row()?.status).toBe('SCHEDULED');
  });
});

describe('a look at a job that goes on without its consumer', () => {
  /** A job that waits for a decision, and is to be looked at in a minute. */
  async function waiting() {
    const writes = writers();
    await writes.store.claim(job, {
      now: plus(60),
      leaseUntil: plus(100),
      maxAttempts: 1,
      evenIfVanished: false,
      evenIfNew: true,
      resumes: true,
    });
    await writes.store.handOver(fence, { at: plus(120), now: plus(60) });
    const question = { name: 'question', question: '?', until: plus(86_400) };
    await writes.waits.ask(fence, question, { token: 'token', reminds: false, now: plus(61) });
    return writes;
  }

  it.each<[string, (writes: Awaited<ReturnType<typeof waiting>>) => Promise<unknown>]>([
    ['decision', ({ waits }) => waits.decide(job, { decision: 'approve' }, { now: plus(120), lookAt: plus(420) })],
    ['cancel', ({ cancels }) => cancels.cancel(job, { now: plus(120), lookAt: plus(420) })],
  ])('does not put off the look that a %s has asked for meanwhile', async (_, change) => {
    const writes = await waiting();
    const read = writes.read();
    await change(writes);
    const dueSort = writes.row()?.dueSort;
    expect(dueSort).not.toBe(read.dueSort);
    expect(await writes.due.lookAgain(read, plus(86_400), plus(121))).toBeUndefined();
    expect(writes.row()).toMatchObject({ dueSort, dueKind: 'look' });
  });

  it('is due again later when nothing has changed', async () => {
    const { due, read, row } = await waiting();
    await due.lookAgain(read(), plus(86_400), plus(121));
    expect(row()?.dueSort).toContain(plus(86_400).toISOString());
  });
});

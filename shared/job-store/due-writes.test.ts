import { claiming, ended, fence, job, now, writers } from '../testing/job-writers.ts';
import type { DueRow } from './due-reads.ts';

const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

/** The row as whoever handles what falls due has read it. */
const read = ({ row }: ReturnType<typeof writers>) => structuredClone(row()) as DueRow;

describe('a job that is moved while it is being started', () => {
  async function moved() {
    const writes = writers();
    const kept = { messageId: 'm', attributes: {}, lane: 'lane', body: { key: 'k' } };
    await writes.store.schedule({ ...job, runAfter: after(60) }, kept, now);
    const found = read(writes);
    await writes.due.move(job, after(3600), after(60));
    return { ...writes, found };
  }

  it('waits for its new time, so that the message that was sent for the old one does not start it', async () => {
    const { due, store, found, row } = await moved();
    expect(await due.enterLane(found, after(60))).toBe(false);
    expect(row()).toMatchObject({ status: 'SCHEDULED', runAfter: after(3600).toISOString() });
    const claim = await store.claim(job, { ...claiming, now: after(61) });
    expect(claim).toEqual({ kind: 'scheduled', runAfter: after(3600) });
  });

  it('does not fail because its lane refused the message that was sent for the old time', async () => {
    const { due, found, row } = await moved();
    expect(await due.end(found, ended('FAILED'))).toBe(false);
    expect(row()?.status).toBe('SCHEDULED');
  });
});

describe('a look at a job that goes on without its consumer', () => {
  /** A job that waits for a decision, and is to be looked at in two minutes. */
  async function waiting() {
    const writes = writers();
    await writes.store.claim(job, claiming);
    await writes.store.handOver(fence, { at: after(120), now });
    const question = { name: 'question', question: '?', until: after(86_400) };
    await writes.waits.ask(fence, question, { token: 'token', reminds: false, now });
    return writes;
  }

  it.each<[string, (writes: ReturnType<typeof writers>) => Promise<unknown>]>([
    ['decision', ({ waits }) => waits.decide(job, { decision: 'approve' }, { now: after(120), lookAt: after(420) })],
    ['cancel', ({ cancels }) => cancels.cancel(job, { now: after(120), lookAt: after(420) })],
  ])('does not put off the look that a %s has asked for meanwhile', async (_, change) => {
    const writes = await waiting();
    const found = read(writes);
    await change(writes);
    const dueSort = writes.row()?.dueSort;
    expect(dueSort).not.toBe(found.dueSort);
    expect(await writes.due.lookAgain(found, after(86_400), after(121))).toBeUndefined();
    expect(writes.row()).toMatchObject({ dueSort, dueKind: 'look' });
  });

  it('is due again later when nothing has changed', async () => {
    const writes = await waiting();
    await writes.due.lookAgain(read(writes), after(86_400), after(121));
    expect(writes.row()?.dueSort).toContain(after(86_400).toISOString());
  });
});

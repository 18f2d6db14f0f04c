import type { JobStatus } from '../contracts/job.ts';
import { JOB_RETENTION_SECONDS } from '../contracts/lane.ts';
import { before, claiming, ended, error, fence, job, later, now, pk, rowIn, writers } from '../testing/job-writers.ts';
import { memoryTable } from '../testing/memory-table.ts';
import { referenceSentByWriter } from './due-places.ts';
import type { DueRow } from './due-reads.ts';
import { dueKeys } from './keys.ts';
import type { JobRow } from './row.ts';
import { jobWrites } from './writes.ts';

/** The writes, on a table that has the row of a job in a status. @param without the attributes that it lacks */
function inStatus(status: JobStatus, changes: Partial<JobRow> = {}, without: (keyof JobRow)[] = []) {
  const each = writers();
  const row = Object.entries({ ...rowIn(status), ...changes }).filter(([name]) => !without.includes(name as never));
  each.rows.set(pk, Object.fromEntries(row));
  return { ...each, read: () => each.row() as JobRow };
}
const asked = before.toISOString();

describe('a claim', () => {
  it('starts without the progress of the attempt before', async () => {
    const { store, read } = inStatus('QUEUED', { progress: { done: 1, total: 2 } });
    expect(await store.claim(job, claiming)).toMatchObject({ kind: 'claimed', attempt: 2 });
    expect(read()).not.toHaveProperty('progress');
  });

  it('finds an attempt alive until the last millisecond of its lease', async () => {
    const { store } = inStatus('RUNNING', { leaseUntil: now.getTime() });
    expect(await store.claim(job, { ...claiming, evenIfVanished: true })).toEqual({ kind: 'owned', leaseUntil: now });
  });

  it('does not take up an attempt again whose job is to be cancelled', async () => {
    const { store } = inStatus('RUNNING', { cancelRequestedAt: asked });
    const answer = await store.claim(job, { ...claiming, resumes: true });
    expect(answer).toEqual({ kind: 'cancelled', attempt: 1, acceptedAt: before });
  });

  it.each<[JobStatus, object | undefined]>([
    ['QUEUED', error],
    // this error is that of the attempt before the one that vanished
    ['RUNNING', undefined],
  ])('finds the attempts of a %s job used up, with the error of the last one if it left one', async (status, last) => {
    const { store } = inStatus(status, { error });
    const answer = await store.claim(job, { ...claiming, maxAttempts: 1, evenIfVanished: true });
    expect(answer).toEqual({ kind: 'exhausted', attempt: 1, error: last });
  });
});

describe('an end', () => {
  it('is a success even if somebody asked to cancel the job, and no failure then', async () => {
    const { store } = inStatus('RUNNING', { cancelRequestedAt: asked });
    expect(await store.settle(fence, ended('FAILED'))).toBe(false);
    expect(await store.settle(fence, { outcome: 'SUCCEEDED', result: { json: '1' }, now })).toBe(true);
  });

  it('is a new failure, which was not replayed, if the job fails again after a replay', async () => {
    const { store, read } = inStatus('RUNNING', { replayedAt: asked });
    await store.settle(fence, ended('FAILED'));
    expect(read()).not.toHaveProperty('replayedAt');
  });

  it('is not EXPIRED for a replayed job, whose time to start is over long ago', async () => {
    const { store } = inStatus('QUEUED', { attempt: 0, generation: 2 });
    expect(await store.expire(job, ended('EXPIRED'))).toBe(false);
  });
});

it('a write knows itself again when the SDK repeats a call whose answer was lost', async () => {
  const { client } = memoryTable();
  const send: typeof client.send = async (command: never) => {
    await client.send(command);
    return client.send(command);
  };
  const store = jobWrites({ send } as typeof client, 'jobs');
  expect(await store.claim(job, claiming)).toMatchObject({ kind: 'claimed', attempt: 1 });
});

it('a job is handed over to its workflow once', async () => {
  const { store } = inStatus('RUNNING');
  expect(await store.handOver(fence, { at: later, now })).toMatchObject({ state: { untold: undefined } });
  expect(await store.handOver(fence, { at: later, now })).toBeUndefined();
});

it('the row of a scheduled job is kept as long after its start as others after their last change', async () => {
  const { store, row } = writers();
  const message = { messageId: 'm', attributes: {}, lane: 'lane', body: { key: 'k' } };
  await store.schedule({ ...job, runAfter: later }, message, now);
  expect(row()?.expiresAt).toBe(later.getTime() / 1000 + JOB_RETENTION_SECONDS);
});

it('a look that was asked for moves no look that has become due sooner, such as after a decision', async () => {
  const { due, read } = inStatus('RUNNING', {}, ['leaseUntil']);
  const found = { ...read(), dueSort: 'the place before' } as DueRow;
  expect(await due.lookAgain(found, now, now)).toBeUndefined();
  expect(read().dueSort).toBe('place');
});

it('a conflict is not counted for a job that has no body, because it was cancelled before it was seen', async () => {
  const { store, read } = inStatus('CANCELLED', {}, ['bodyDigest']);
  expect(await store.recordConflict(job, { messageId: 'm', now })).toBe(false);
  expect(read()).not.toHaveProperty('conflictCount');
});

it('a replay takes a number that no attempt has, and ends the blocking of an order key', async () => {
  const { replays, read } = inStatus('FAILED', { blockedKey: 'k', blockedType: 'sample', blockedSort: 'place' });
  expect(await replays.reopen(job, read(), now)).toBe(true);
  expect(read()).toMatchObject({ status: 'QUEUED', attempt: 2, attemptsBefore: 2, generation: 2 });
  expect(Object.keys(read()).filter((name) => name.startsWith('blocked'))).toEqual([]);
});

describe('what somebody decided', () => {
  const decided = { decision: 'approve', at: asked } as const;
  const again = { decision: 'approve' } as const;

  it.each<[string, Partial<JobRow>, (each: ReturnType<typeof inStatus>) => Promise<unknown>]>([
    ['succeeds', {}, ({ store }) => store.settle(fence, { outcome: 'SUCCEEDED', result: { json: '1' }, now })],
    ['fails', {}, ({ store }) => store.settle(fence, ended('FAILED'))],
    ['is cancelled', { cancelRequestedAt: asked }, ({ store }) => store.settle(fence, { outcome: 'CANCELLED', now })],
  ])('is still known when its job %s, and its question is not', async (_, changes, settle) => {
    const question = { name: 'q', token: 't' };
    const { read, waits, ...each } = inStatus('RUNNING', { ...changes, question, decided });
    await settle({ read, waits, ...each });
    expect(read()).not.toHaveProperty('question');
    const answer = await waits.decide(job, again, { now, lookAt: later });
    expect(answer).toMatchObject({ kind: 'not-waiting', status: read().status, decision: decided });
  });

  it('does not count for the next question, nor after a replay', async () => {
    const { waits, read } = inStatus('RUNNING', { question: { name: 'q', token: 't' }, decided });
    const next = { name: 'next', question: '?', until: later };
    expect(await waits.ask(fence, next, { token: 't2', reminds: false, now })).toBe('waiting');
    expect(read()).not.toHaveProperty('decided');
    expect(await waits.close(fence, 'next')).toBe('none');

    const { replays, waits: after, read: replayed } = inStatus('FAILED', { decided });
    expect(await replays.reopen(job, replayed(), now)).toBe(true);
    const answer = await after.decide(job, again, { now, lookAt: later });
    expect(answer).toEqual({ kind: 'not-waiting', status: 'QUEUED', decision: undefined });
  });
});

it('a decision comes too late once the workflow has closed its question', async () => {
  const { waits } = inStatus('WAITING', { question: { name: 'q', token: 't' } });
  expect(await waits.close(fence, 'q')).toBe('none');
  const decided = await waits.decide(job, { decision: 'approve' }, { now, lookAt: later });
  expect(decided).toMatchObject({ kind: 'not-waiting', status: 'WAITING' });
});

it('the writer of a row sends its reference again for a duplicate only if the tick does not', () => {
  const { dueSort } = dueKeys(pk, later);
  expect(referenceSentByWriter({ pk, dueSort }, later)).toBeUndefined();
  const at = new Date(later.getTime() - 60_000);
  expect(referenceSentByWriter({ pk, dueSort }, at)).toEqual({ reference: { pk, dueSort }, at });
});

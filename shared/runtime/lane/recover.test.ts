import type { JobRow } from '../../job-store/row.ts';
import { sampleMessage, submissionIn, workbench } from '../../testing/workbench.ts';
import { recover } from './recover.ts';
import type { Resend } from './returns.ts';
import { UnsendableError } from './returns.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

/** The recovery of one dead letter, with the row that the table has of its job. */
function deadLetter(row: Partial<JobRow> | undefined, attributes: Record<string, string> = {}, refusal?: Error) {
  const { tools, notes } = workbench(async ({ n }) => ({ n }));
  const returned: Resend[] = [];
  const settled: unknown[] = [];
  const message = sampleMessage();
  const { bodyDigest } = submissionIn(message);
  const run = () =>
    recover({ ...message, attributes: { ...message.attributes, ...attributes } }, 'sample', {
      reads: { get: async () => row && ({ bodyDigest, ...row } as JobRow) },
      store: { settle: async (fence, settlement) => settled.push({ ...fence, ...settlement }) > 0 },
      archive: tools.archive,
      observer: tools.observer,
      returnToLane: async (again) => {
        if (refusal) throw refusal;
        returned.push(again);
      },
      now: () => NOW,
    });
  return { run, returned, settled, notes };
}

describe('a dead letter', () => {
  it('returns a dead letter to its lane, delayed and counted, if its job was never attempted', async () => {
    const { run, returned, settled } = deadLetter(undefined);
    expect(await run()).toBe(0);
    expect(returned).toEqual([{ jobId: 'job-1', delaySeconds: 60, attributes: { returns: '1' } }]);
    expect(settled).toEqual([]);
  });

  it('delays each return of a dead letter longer, and parks it after five returns without failing its job', async () => {
    const delays: number[] = [];
    for (const returns of ['1', '2', '3', '4']) {
      const { run, returned } = deadLetter(undefined, { returns });
      await run();
      delays.push(returned[0]?.delaySeconds ?? 0);
    }
    expect(delays).toEqual([120, 240, 480, 900]);
    const { run, returned, settled, notes } = deadLetter(undefined, { returns: '5' });
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([[], []]);
    expect(notes[0]).toMatchObject({ did: 'park', reason: expect.stringMatching(/^came back 5 times/) });
  });

  it.each(['many', '-1', '0.5', '1e9'])('parks a dead letter with an invalid count of returns: %s', async (returns) => {
    const { run, notes } = deadLetter(undefined, { returns });
    await run();
    expect(notes[0]).toMatchObject({ did: 'park' });
  });

  it('parks a dead letter that its lane can never accept, for example because it became too long', async () => {
    const { run, notes } = deadLetter(undefined, {}, new UnsendableError('Message must be shorter than 1048576 bytes'));
    expect(await run()).toBe(0);
    expect(notes[0]).toMatchObject({
      did: 'park',
      reason: expect.stringMatching(/^cannot go back to its lane: Message must be shorter/),
    });
  });

  it('retries a dead letter if its lane does not answer', async () => {
    await expect(deadLetter(undefined, {}, new Error('throttled')).run()).rejects.toThrow('throttled');
  });

  it('drops a dead letter if its id belongs to a job with another body, which has its own message', async () => {
    const { run, returned, settled, notes } = deadLetter({ status: 'QUEUED', attempt: 2, bodyDigest: 'other' });
    expect(await run()).toBe(0);
    expect([returned, settled, notes]).toEqual([[], [], [{ did: 'drop', jobId: 'job-1', reason: expect.any(String) }]]);
  });

  it('fails the job of a dead letter with its last error if it was attempted', async () => {
    const error = { code: 'BUSY', message: 'downstream is down' };
    const { run, settled } = deadLetter({ status: 'QUEUED', attempt: 2, error });
    expect(await run()).toBe(0);
    expect(settled).toMatchObject([{ attempt: 2, outcome: 'FAILED', error, archiveKey: 'failed/job-1' }]);
  });

  it('fails the job of a dead letter as vanished if its last attempt left no error', async () => {
    const { run, settled } = deadLetter({ status: 'RUNNING', attempt: 1, leaseUntil: NOW.getTime() - 1 });
    await run();
    expect(settled).toMatchObject([{ error: { code: 'ATTEMPT_VANISHED' } }]);
  });

  it('waits with a dead letter while an attempt at its job is alive', async () => {
    const { run, settled } = deadLetter({ status: 'RUNNING', attempt: 1, leaseUntil: NOW.getTime() + 9500 });
    expect(await run()).toBe(11);
    expect(settled).toEqual([]);
  });

  it('drops a dead letter if its job has an outcome', async () => {
    const { run, returned, settled } = deadLetter({ status: 'SUCCEEDED', attempt: 1 });
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([[], []]);
  });
});

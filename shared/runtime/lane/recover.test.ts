import { NEVER_STARTED } from '../../attempt/errors.ts';
import { writeReplay } from '../../contracts/replay.ts';
import type { JobRow } from '../../job-store/row.ts';
import { sampleMessage, submissionIn, workbench } from '../../testing/workbench.ts';
import { recover } from './recover.ts';
import type { Resend } from './returns.ts';
import { UnsendableError } from './returns.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

/** The recovery of one dead letter, with the row that the table has of its job. */
function deadLetter(row: Partial<JobRow> | undefined, acceptedAt = NOW, refusal?: Error, sentWith: object = {}) {
  const { tools, notes } = workbench(async ({ n }) => ({ n }));
  const returned: Resend[] = [];
  const settled: unknown[] = [];
  const conflicts: string[] = [];
  const unblocked: string[] = [];
  const message = sampleMessage();
  const { bodyDigest } = submissionIn(message);
  const attributes = { ...message.attributes, acceptedAt: String(acceptedAt.getTime()), ...sentWith };
  const run = () =>
    recover({ ...message, attributes }, 'sample', {
      reads: { get: async () => row && ({ bodyDigest, ...row } as JobRow) },
      store: {
        ...tools.store,
        recordConflict: async (_, { messageId }) => conflicts.push(messageId) > 0,
        unblock: async ({ id }) => unblocked.push(id) > 0,
        settle: async (fence, settlement) => settled.push({ ...fence, ...settlement }) > 0,
      },
      archive: tools.archive,
      observer: tools.observer,
      returnToLane: async (again) => {
        if (refusal) throw refusal;
        returned.push(again);
      },
      now: () => NOW,
    });
  return { run, returned, settled, conflicts, unblocked, notes };
}

const BACK = [{ jobId: 'job-1', delaySeconds: 60 }];
const DAY_MS = 86_400_000;
const LONG_AGO = new Date(NOW.getTime() - 13 * DAY_MS - 1);
const error = { code: 'BUSY', message: 'downstream is down' };

describe('a dead letter', () => {
  it.each<[string, Partial<JobRow> | undefined]>([
    ['was never attempted', undefined],
    ['waits for its next attempt', { status: 'QUEUED', attempt: 1, error }],
    ['lost its last attempt', { status: 'RUNNING', attempt: 1, leaseUntil: NOW.getTime() - 1 }],
    // the next claim finds this and fails the job
    ['has used up its attempts', { status: 'QUEUED', attempt: 3, error }],
  ])('returns a dead letter to its lane, until 13 days after its job was accepted, if the job %s', async (_, row) => {
    const { run, returned, settled } = deadLetter(row, new Date(NOW.getTime() - 13 * DAY_MS));
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([BACK, []]);
  });

  it('parks a dead letter if its job was accepted more than 13 days ago and never attempted', async () => {
    const { run, returned, settled, notes } = deadLetter(undefined, LONG_AGO);
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([[], []]);
    expect(notes).toEqual([
      { did: 'park', messageId: 'message-of-job-1', reason: 'it has been in its lane for more than 13 days' },
    ]);
  });

  it('fails the job of a dead letter with its last error if it was attempted and accepted more than 13 days ago', async () => {
    const { run, returned, settled } = deadLetter({ status: 'QUEUED', attempt: 2, error }, LONG_AGO);
    expect(await run()).toBe(0);
    expect(returned).toEqual([]);
    expect(settled).toMatchObject([{ attempt: 2, outcome: 'FAILED', error, archiveKey: 'failed/job-1' }]);
  });

  it('fails the job of a dead letter as vanished if its last attempt left no error and it is too old', async () => {
    const { run, settled } = deadLetter({ status: 'RUNNING', attempt: 1, leaseUntil: NOW.getTime() - 1 }, LONG_AGO);
    await run();
    expect(settled).toMatchObject([{ error: { code: 'ATTEMPT_VANISHED' } }]);
  });

  it('fails the job of a dead letter as never started if it was replayed and not attempted since', async () => {
    const replayed = { status: 'QUEUED', attempt: 3, attemptsBefore: 3, generation: 2 } as const;
    const { run, settled } = deadLetter(replayed, LONG_AGO);
    await run();
    expect(settled).toMatchObject([{ attempt: 3, error: NEVER_STARTED }]);
  });

  it('parks a dead letter that its lane can never accept, for example because it became too long', async () => {
    const refusal = new UnsendableError('Message must be shorter than 1048576 bytes');
    const { run, notes } = deadLetter(undefined, NOW, refusal);
    expect(await run()).toBe(0);
    expect(notes[0]).toMatchObject({
      did: 'park',
      reason: expect.stringMatching(/^it cannot go back to its lane: Message must be shorter/),
    });
  });

  it('fails the job of a dead letter that its lane can never accept, if it was attempted', async () => {
    const refusal = new UnsendableError('Message must be shorter than 1048576 bytes');
    const { run, settled } = deadLetter({ status: 'QUEUED', attempt: 1, error }, NOW, refusal);
    expect(await run()).toBe(0);
    expect(settled).toMatchObject([{ outcome: 'FAILED', error }]);
  });

  it('retries a dead letter if its lane does not answer', async () => {
    await expect(deadLetter(undefined, NOW, new Error('throttled')).run()).rejects.toThrow('throttled');
  });

  it.each(['QUEUED', 'SUCCEEDED'] as const)(
    'counts a dead letter whose id belongs to a %s job with another body',
    async (status) => {
      const { run, returned, settled, conflicts, notes } = deadLetter({ status, attempt: 2, bodyDigest: 'other' });
      expect(await run()).toBe(0);
      expect(conflicts).toEqual(['message-of-job-1']);
      expect([returned, settled, notes]).toEqual([
        [],
        [],
        [{ did: 'drop', jobId: 'job-1', reason: expect.any(String) }],
      ]);
    },
  );

  it('waits with a dead letter while an attempt at its job is alive, however old the job is', async () => {
    const running = { status: 'RUNNING', attempt: 1, leaseUntil: NOW.getTime() + 9500 } as const;
    const { run, returned, settled } = deadLetter(running, LONG_AGO);
    expect(await run()).toBe(11);
    expect([returned, settled]).toEqual([[], []]);
  });

  it.each(['RUNNING', 'WAITING'] as const)(
    'drops a dead letter, however old, of a %s job that was handed over to its workflow: the due index has it looked at',
    async (status) => {
      for (const acceptedAt of [NOW, LONG_AGO]) {
        const { run, returned, settled, notes } = deadLetter({ status, attempt: 1, dueKind: 'look' }, acceptedAt);
        expect(await run()).toBe(0);
        expect([returned, settled]).toEqual([[], []]);
        expect(notes).toEqual([{ did: 'drop', jobId: 'job-1', reason: 'its workflow was started before' }]);
      }
    },
  );

  it('returns a dead letter of a job whose workflow may have been started, but which was not handed over: its lane finds out', async () => {
    const { run, returned } = deadLetter({ status: 'WAITING', attempt: 1, leaseUntil: NOW.getTime() - 1 });
    expect(await run()).toBe(0);
    expect(returned).toEqual(BACK);
  });

  it('drops a dead letter if its job has an outcome', async () => {
    const { run, returned, settled } = deadLetter({ status: 'SUCCEEDED', attempt: 1 });
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([[], []]);
  });

  it('drops a dead letter of a job that waits in its row for its time: its message comes from there', async () => {
    const { run, returned, settled, notes } = deadLetter({ status: 'SCHEDULED', attempt: 0 });
    expect(await run()).toBe(0);
    expect([returned, settled, notes]).toEqual([[], [], [{ did: 'drop', jobId: 'job-1', reason: expect.any(String) }]]);
  });

  it('lets the later jobs of an order key run, and says so, if its lane gave up on the message that held them back', async () => {
    const { run, returned, unblocked, notes } = deadLetter({ status: 'FAILED', attempt: 1, blockedKey: 'k' });
    expect(await run()).toBe(0);
    expect([returned, unblocked]).toEqual([[], ['job-1']]);
    expect(notes).toContainEqual({ did: 'run on', jobId: 'job-1', reason: 'its lane gave up on its message' });
  });

  it('leaves a failed job as it is if the message of its replay was never attempted in time: it can be replayed again', async () => {
    const { run, returned, settled, notes } = deadLetter({ status: 'FAILED', attempt: 3, error }, LONG_AGO, undefined, {
      replay: writeReplay({ generation: 2, at: LONG_AGO }),
    });
    expect(await run()).toBe(0);
    expect([returned, settled]).toEqual([[], []]);
    expect(notes).toEqual([{ did: 'drop', jobId: 'job-1', reason: expect.stringContaining('still FAILED') }]);
  });
});

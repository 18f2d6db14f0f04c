import fc from 'fast-check';
import { writeReplay } from '../contracts/replay.ts';
import { identityOf, sampleMessage, submissionIn, workbench } from '../testing/workbench.ts';
import { PermanentJobError } from './errors.ts';

const submitted = sampleMessage();
const replayed = (generation: number, n: number, times: { runAfter?: string; expiresAfter?: string } = {}) =>
  sampleMessage({
    messageId: `replay-${generation}-${n}`,
    attributes: { ...submitted.attributes, ...times, replay: writeReplay({ generation, at: new Date(0) }) },
  });

/** A job whose code always fails, for good or to be tried again. */
function failingJob(thrown: () => Error) {
  const attempts: number[] = [];
  const bench = workbench(async (_, { attempt }) => {
    attempts.push(attempt);
    throw thrown();
  });
  return { ...bench, attempts };
}

describe('a replayed job', () => {
  it('runs once for each generation, however often and in whatever order its messages are delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 }), async (generations) => {
        const { handle, model, attempts } = failingJob(() => new PermanentJobError('NO', 'no'));
        await handle([submitted]);
        let reached = 1;
        for (const [n, generation] of generations.entries()) {
          // a generation starts only from the failure of the one before it
          if (generation === reached + 1) reached += 1;
          expect(await handle([generation === 1 ? submitted : replayed(generation, n)])).toEqual([]);
        }
        expect(attempts).toEqual(Array.from({ length: reached }, (_, index) => 2 * index + 1));
        expect(model.jobOf(identityOf())).toMatchObject({ status: 'FAILED', generation: reached });
        expect(model.jobOf(identityOf())?.outcomes).toHaveLength(reached);
      }),
    );
  });

  it('has all its attempts again, with numbers that go on after one that no attempt has', async () => {
    const { handle, model, attempts } = failingJob(() => new Error('down'));
    for (let n = 0; n < 3; n += 1) await handle([submitted]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'FAILED', attempt: 3 });
    for (let n = 0; n < 3; n += 1) await handle([replayed(2, 0)]);
    expect(attempts).toEqual([1, 2, 3, 5, 6, 7]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'FAILED', attempt: 7, attemptsBefore: 4 });
  });

  it.each([
    ['runAfter is an hour ahead', { runAfter: 'v1;3600' }],
    ['expiresAfter is over', { expiresAfter: 'v1;0' }],
  ])('runs at once, also if its %s, and is archived no more often than it fails', async (_, times) => {
    const { handle, tools, attempts } = failingJob(() => new PermanentJobError('NO', 'no'));
    const keepFailed = jest.spyOn(tools.archive, 'keepFailed');
    await handle([submitted]);
    expect(await handle([replayed(2, 0, times)])).toEqual([]);
    expect(attempts).toEqual([1, 3]);
    expect(keepFailed).toHaveBeenCalledTimes(2);
  });

  it('is not settled by a late attempt of an earlier generation', async () => {
    const { handle, model, tools } = failingJob(() => new Error('down'));
    for (let n = 0; n < 3; n += 1) await handle([submitted]);
    await handle([replayed(2, 0)]);
    const late = { ...identityOf(), attempt: 1 };
    const settlement = { outcome: 'SUCCEEDED', result: { json: '1' }, now: new Date() } as const;
    expect(await tools.store.settle(late, settlement)).toBe(false);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'QUEUED', generation: 2 });
  });

  it('is not settled by its last attempt of an earlier generation while it waits in its lane', async () => {
    const { handle, model, tools } = failingJob(() => new Error('down'));
    for (let n = 0; n < 3; n += 1) await handle([submitted]);
    const message = submissionIn(replayed(2, 0));
    // the replay is written, and the consumer does not get to the attempt
    const claim = {
      now: new Date(0),
      leaseUntil: new Date(60_000),
      maxAttempts: 3,
      evenIfVanished: false,
      evenIfNew: false,
      resumes: false,
    };
    expect(await tools.store.claim(message, claim)).toEqual({ kind: 'new' });
    const late = { ...identityOf(), attempt: 3 };
    expect(await tools.store.settle(late, { outcome: 'SUCCEEDED', result: { json: '1' }, now: new Date() })).toBe(
      false,
    );
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'QUEUED', generation: 2 });
  });
});

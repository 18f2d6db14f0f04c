import fc from 'fast-check';
import { laneOf } from '../contracts/lane.ts';
import { identityOf, type SampleInput, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';
import type { Job } from './job-code.ts';

const ids = (messages: string[]) => messages.map((id) => `message-of-${id}`);

describe('a batch', () => {
  it('reports only those messages of a batch that must come again', async () => {
    const { handle } = workbench(async ({ n }) => {
      if (n === 2) throw new Error('only this one');
      return { n };
    });
    expect(await handle([1, 2, 3].map((n) => sampleMessage({ id: `job-${n}`, n })))).toEqual(ids(['job-2']));
  });

  it('returns jobs unclaimed when the function has too little time left for them', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => ({ n }));
    expect(await handle([sampleMessage()], () => 2500)).toEqual(ids(['job-1']));
    expect(notes).toEqual([{ did: 'show again', messageId: 'message-of-job-1', afterSeconds: 0 }]);
    expect(model.jobs.size).toBe(0);
  });

  it('runs only one job whose last attempt vanished, after all other jobs of the batch', async () => {
    const order: number[] = [];
    const { handle, clock, claimElsewhere, notes } = workbench(async ({ n }) => {
      order.push(n);
      return { n };
    });
    for (const id of ['job-1', 'job-2']) await claimElsewhere(sampleMessage({ id, n: Number(id.at(-1)) }));
    clock.ms += 1000;
    const again = await handle([1, 2, 3, 4].map((n) => sampleMessage({ id: `job-${n}`, n })));
    expect(order).toEqual([3, 4, 1]);
    expect(again).toEqual(ids(['job-2']));
    expect(notes).toContainEqual({ did: 'show again', messageId: 'message-of-job-2', afterSeconds: 2 });
  });

  it('runs messages that were received often and never attempted after all other jobs, one at a time', async () => {
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const run = async ({ n }: SampleInput) => {
      order.push(n);
      most = Math.max(most, n > 2 ? ++running : 0);
      await new Promise(setImmediate);
      running -= n > 2 ? 1 : 0;
      return { n };
    };
    const { handle } = workbench(run, sampleType({ batchRuns: 'together' }));
    const received = [3, 1, 4, 2].map((n) => sampleMessage({ id: `job-${n}`, n, receiveCount: n }));
    expect(await handle(received)).toEqual([]);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(most).toBe(1);
  });

  it('runs a message that was received often with the others if its job was attempted before', async () => {
    const order: number[] = [];
    const { handle } = workbench(async ({ n }, { attempt }) => {
      if (n === 1 && attempt === 1) throw new Error('once');
      order.push(n);
      return { n };
    });
    await handle([sampleMessage({ id: 'job-1', n: 1 })]);
    await handle([1, 2].map((n) => sampleMessage({ id: `job-${n}`, n, receiveCount: 9 })));
    expect(order).toEqual([1, 2]);
  });

  it('has time for a job whose last attempt vanished even after a batch that used all of its time', async () => {
    const together = sampleType({ batchRuns: 'together', timeoutSeconds: 15 });
    const order: number[] = [];
    const { handle, clock, claimElsewhere } = workbench(async ({ n }) => {
      order.push(n);
      if (n === 2) clock.ms += together.timeoutSeconds * 1000;
      return { n };
    }, together);
    await claimElsewhere();
    clock.ms += 1000;
    const end = clock.ms + laneOf(together).functionTimeoutSeconds * 1000;
    expect(
      await handle(
        [1, 2].map((n) => sampleMessage({ id: `job-${n}`, n })),
        () => end - clock.ms,
      ),
    ).toEqual([]);
    expect(order).toEqual([2, 1]);
  });

  it('brings back only the message for which the store fails', async () => {
    const { handle, tools } = workbench(async ({ n }) => ({ n }));
    const { claim } = tools.store;
    tools.store.claim = async (job, options) => {
      if (job.id === 'job-1') throw new Error('no route to the table');
      return claim(job, options);
    };
    expect(await handle([sampleMessage({ id: 'job-1' }), sampleMessage({ id: 'job-2' })])).toEqual(ids(['job-1']));
  });

  it('runs the jobs of a batch concurrently if the contract says so', async () => {
    let running = 0;
    let most = 0;
    const together = sampleType({ batchRuns: 'together' });
    const { handle } = workbench(async ({ n }) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return { n };
    }, together);
    await handle([1, 2, 3].map((n) => sampleMessage({ id: `job-${n}`, n })));
    expect(most).toBe(3);
  });
});

/** What happens when one message of a job is handled. */
type Fate = 'run' | 'throw' | 'crash' | 'never settles in time';
const fate = fc.constantFrom<Fate>('run', 'throw', 'crash', 'never settles in time');

describe('whatever happens to a job', () => {
  it('settles a job with exactly one outcome and at most maxAttempts runs, whatever happens to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (fates, maxAttempts, receiveCount) => {
          let runs = 0;
          let next: Fate = 'run';
          const run = async ({ n }: SampleInput, _job: Job) => {
            runs += 1;
            if (next === 'throw') throw new Error('thrown');
            return { n };
          };
          const { handle, clock, model, tools } = workbench(run, sampleType({ maxAttempts }));
          const { settle, release } = tools.store;
          const die = async () => {
            throw new Error('the process died');
          };
          // afterwards the lane keeps delivering the message, so the job must end
          for (const each of [...fates, ...Array<Fate>(maxAttempts + 1).fill('run')]) {
            next = each;
            tools.store.settle = each === 'crash' ? die : settle;
            tools.store.release = each === 'crash' ? die : release;
            await handle([sampleMessage({ receiveCount })]);
            if (each === 'never settles in time') await handle([sampleMessage({ receiveCount })]);
            clock.ms += 60_000;
          }
          expect(model.jobOf(identityOf())?.outcomes).toHaveLength(1);
          expect(runs).toBeLessThanOrEqual(maxAttempts);
        },
      ),
      { numRuns: 200 },
    );
  });
});

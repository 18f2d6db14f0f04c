import fc from 'fast-check';
import { delivery, identityOf, type SampleInput, sampleType, workbench } from '../testing/workbench.ts';
import type { Job } from './job.ts';

const ordered = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
const ids = (deliveries: string[]) => deliveries.map((id) => `message-of-${id}`);

describe('a batch', () => {
  it('reports only the messages that must come again', async () => {
    const { handle } = workbench(async ({ n }) => {
      if (n === 2) throw new Error('only this one');
      return { n };
    });
    expect(await handle([1, 2, 3].map((n) => delivery({ id: `job-${n}`, n })))).toEqual(ids(['job-2']));
  });

  it('returns jobs unclaimed when there is not enough time left for them', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => ({ n }));
    expect(await handle([delivery()], () => 2500)).toEqual(ids(['job-1']));
    expect(notes).toEqual(['show message-of-job-1 after 0']);
    expect(model.jobs.size).toBe(0);
  });

  it('runs a job whose last attempt vanished after all others, and only one such job', async () => {
    const order: number[] = [];
    const { handle, clock, tools, notes } = workbench(async ({ n }) => {
      order.push(n);
      return { n };
    });
    const now = new Date(clock.ms);
    for (const id of ['job-1', 'job-2']) {
      const submission = { ...identityOf(id), acceptedAt: now, traceId: '' };
      await tools.store.claim(submission, { now, leaseUntil: now, maxAttempts: 3, evenIfVanished: false });
    }
    clock.ms += 1000;
    const again = await handle([1, 2, 3, 4].map((n) => delivery({ id: `job-${n}`, n })));
    expect(order).toEqual([3, 4, 1]);
    expect(again).toEqual(ids(['job-2']));
    expect(notes).toContain('show message-of-job-2 after 2');
  });

  it('lets one message suffer alone when the store fails for it', async () => {
    const { handle, tools } = workbench(async ({ n }) => ({ n }));
    const { claim } = tools.store;
    tools.store.claim = async (job, options) => {
      if (job.id === 'job-1') throw new Error('no route to the table');
      return claim(job, options);
    };
    expect(await handle([delivery({ id: 'job-1' }), delivery({ id: 'job-2' })])).toEqual(ids(['job-1']));
  });

  it('runs jobs side by side where the contract says so', async () => {
    let running = 0;
    let most = 0;
    const together = sampleType({ batchRuns: 'together' });
    const { handle } = workbench(async ({ n }) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return { n };
    }, together);
    await handle([1, 2, 3].map((n) => delivery({ id: `job-${n}`, n })));
    expect(most).toBe(3);
  });

  it('holds back the later jobs of a key when one must come again, unclaimed and visible at once', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => {
      if (n === 1) throw new Error('not yet');
      return { n };
    }, ordered);
    const batch = [
      delivery({ id: 'a-1', key: 'a', n: 1 }),
      delivery({ id: 'b-1', key: 'b', n: 9 }),
      delivery({ id: 'a-2', key: 'a', n: 2 }),
    ];
    expect(await handle(batch)).toEqual(ids(['a-1', 'a-2']));
    expect(notes).toContain('show message-of-a-2 after 0');
    expect(model.jobOf(identityOf('a-2'))).toBeUndefined();
    expect(model.jobOf(identityOf('b-1'))?.status).toBe('SUCCEEDED');
  });

  it('shows a key’s jobs again from the first one on when there is not enough time left for it', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => ({ n }), ordered);
    expect(
      await handle(
        ['a-1', 'a-2'].map((id) => delivery({ id, key: 'a' })),
        () => 2500,
      ),
    ).toEqual(ids(['a-1', 'a-2']));
    expect(notes).toEqual(['show message-of-a-1 after 0', 'show message-of-a-2 after 0']);
    expect(model.jobs.size).toBe(0);
  });

  it('keeps a key waiting while the store fails for its first job', async () => {
    const { handle, tools, model, notes } = workbench(async ({ n }) => ({ n }), ordered);
    tools.store.claim = async () => {
      throw new Error('no route to the table');
    };
    expect(await handle(['a-1', 'a-2'].map((id) => delivery({ id, key: 'a' })))).toEqual(ids(['a-1', 'a-2']));
    expect(notes.filter((note) => note.startsWith('show'))).toEqual(['show message-of-a-2 after 0']);
    expect(model.jobs.size).toBe(0);
  });

  it('goes on with a key when one of its jobs has used up its attempts', async () => {
    const { handle, model } = workbench(
      async ({ n }) => {
        if (n === 1) throw new Error('never');
        return { n };
      },
      sampleType({ lane: { kind: 'ordered', orderKey: 'key' }, maxAttempts: 1 }),
    );
    expect(await handle([1, 2].map((n) => delivery({ id: `job-${n}`, n })))).toEqual([]);
    expect([1, 2].map((n) => model.jobOf(identityOf(`job-${n}`))?.status)).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('drops the second message of a job, as a client sends it again after the five minutes that FIFO remembers', async () => {
    let runs = 0;
    const { handle, model, clock } = workbench(async ({ n }) => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
      return { n };
    }, ordered);
    const messages = ['first', 'second'].map((messageId) => delivery({ messageId }));
    expect(await handle(messages)).toEqual(['first', 'second']);
    clock.ms += 60_000;
    expect(await handle(messages)).toEqual([]);
    expect([runs, model.jobOf(identityOf())?.outcomes.length]).toEqual([2, 1]);
  });

  it('lets a key go on behind a job whose last attempt vanished, once that one is through', async () => {
    const order: number[] = [];
    const { handle, clock, tools } = workbench(async ({ n }) => {
      order.push(n);
      return { n };
    }, ordered);
    const now = new Date(clock.ms);
    const submission = { ...identityOf('a-1'), acceptedAt: now, traceId: '' };
    await tools.store.claim(submission, { now, leaseUntil: now, maxAttempts: 3, evenIfVanished: false });
    clock.ms += 1000;
    const batch = [
      delivery({ id: 'a-1', key: 'a', n: 1 }),
      delivery({ id: 'a-2', key: 'a', n: 2 }),
      delivery({ id: 'b-1', key: 'b', n: 3 }),
    ];
    expect(await handle(batch)).toEqual([]);
    expect(order).toEqual([3, 1, 2]);
  });

  it('refuses a job of an ordered lane whose body and group disagree about its key', async () => {
    const { handle, model } = workbench(async ({ n }) => ({ n }), ordered);
    await handle([delivery({ body: '{"key":"x","key":"y","n":1}', groupId: 'tenant-1.x' })]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ error: { code: 'INPUT_REFUSED' } }]);
  });
});

/** What befalls one delivery of a job. */
type Fate = 'run' | 'throw' | 'crash' | 'never settles in time';
const fate = fc.constantFrom<Fate>('run', 'throw', 'crash', 'never settles in time');

describe('whatever happens to a job', () => {
  it('ends in exactly one outcome, after at most as many runs as attempts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 8 }), fc.integer({ min: 1, max: 4 }), async (fates, maxAttempts) => {
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
        // after what befalls it, the lane goes on delivering: that is what makes it end
        for (const each of [...fates, ...Array<Fate>(maxAttempts + 1).fill('run')]) {
          next = each;
          tools.store.settle = each === 'crash' ? die : settle;
          tools.store.release = each === 'crash' ? die : release;
          await handle([delivery()]);
          if (each === 'never settles in time') await handle([delivery()]);
          clock.ms += 60_000;
        }
        expect(model.jobOf(identityOf())?.outcomes).toHaveLength(1);
        expect(runs).toBeLessThanOrEqual(maxAttempts);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps one key’s jobs in order across retries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (failures) => {
        const done: number[] = [];
        const planned = [...failures];
        const { handle, clock } = workbench(
          async ({ n }) => {
            if (planned.shift()) throw new Error('not yet');
            done.push(n);
            return { n };
          },
          sampleType({ lane: { kind: 'ordered', orderKey: 'key' }, maxAttempts: 25 }),
        );
        let waiting = [1, 2, 3, 4].map((n) => delivery({ id: `job-${n}`, n }));
        while (waiting.length > 0) {
          const again = new Set(await handle(waiting));
          waiting = waiting.filter(({ messageId }) => again.has(messageId));
          clock.ms += 60_000;
        }
        expect(done).toEqual([1, 2, 3, 4]);
      }),
    );
  });
});

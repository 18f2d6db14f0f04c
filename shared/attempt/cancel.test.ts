import { setImmediate as turn } from 'node:timers/promises';
import { identityOf, type SampleInput, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';
import { cancellable } from './cancel.ts';
import { JobCancelledError, PermanentJobError } from './errors.ts';
import type { Job } from './job-code.ts';

type Code = (input: SampleInput, job: Job) => Promise<{ n: number }>;

/** A job whose code runs while the test cancels it. */
async function runAndCancel(code: Code, jobType = sampleType({ timeoutSeconds: 60 })) {
  jest.useFakeTimers();
  const bench = workbench(code, jobType);
  const handled = bench.handle([sampleMessage()]);
  await jest.advanceTimersByTimeAsync(0);
  expect(await bench.model.cancel(identityOf(), new Date(bench.clock.ms), false)).toBe('requested');
  return { ...bench, handled, outcomes: () => bench.model.jobOf(identityOf())?.outcomes.map(({ outcome }) => outcome) };
}

afterEach(() => jest.useRealTimers());

/** Code that runs until its signal aborts, and then ends as given. */
const untilAborted =
  (end: (reason: unknown) => Promise<{ n: number }>): Code =>
  (_, { signal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => end(signal.reason).then(resolve, reject));
    });

describe('a job that is cancelled while it runs', () => {
  it.each<[string, Parameters<typeof untilAborted>[0]]>([
    ['throws the reason of the abort', (reason) => Promise.reject(reason)],
    ['throws another error', () => Promise.reject(new Error('aborted'))],
    ['fails for good', () => Promise.reject(new PermanentJobError('NO', 'no'))],
    ['returns what it has so far', () => Promise.resolve({ n: 0 })],
  ])('sees its signal abort within five seconds and settles as CANCELLED when its code %s', async (_, end) => {
    const seen: unknown[] = [];
    const { handled, outcomes } = await runAndCancel(
      untilAborted((reason) => {
        seen.push(reason);
        return end(reason);
      }),
    );
    await jest.advanceTimersByTimeAsync(5000);
    expect(await handled).toEqual([]);
    expect(seen).toEqual([expect.any(JobCancelledError)]);
    expect(outcomes()).toEqual(['CANCELLED']);
  });

  it('is read once in five seconds of running, and never in a shorter attempt', async () => {
    jest.useFakeTimers();
    const looks = async (runningMs: number) => {
      const { tools, handle } = workbench(
        ({ n }) => new Promise((resolve) => setTimeout(() => resolve({ n }), runningMs)),
        sampleType({ timeoutSeconds: 60 }),
      );
      const read = jest.spyOn(tools.store, 'isCancelRequested');
      const handled = handle([sampleMessage()]);
      await jest.advanceTimersByTimeAsync(runningMs);
      await handled;
      return read.mock.calls.length;
    };
    expect([await looks(4999), await looks(14_000), await looks(51_000)]).toEqual([0, 2, 10]);
  });

  it('is read once at a time, however slow the table is', async () => {
    jest.useFakeTimers();
    let reads = 0;
    const never = () => {
      reads += 1;
      return new Promise<never>(() => {});
    };
    const running = cancellable(never, () => new Promise((resolve) => setTimeout(resolve, 60_000)));
    await jest.advanceTimersByTimeAsync(60_000);
    await running;
    expect(reads).toBe(1);
  });

  it('does not see its signal abort when its code has ended before the table answers', async () => {
    jest.useFakeTimers();
    const table = Promise.withResolvers<boolean>();
    const code = Promise.withResolvers<string>();
    const controllers: AbortController[] = [];
    const running = cancellable(
      () => table.promise,
      (controller) => {
        controllers.push(controller);
        return code.promise;
      },
    );
    await jest.advanceTimersByTimeAsync(5000);
    code.resolve('done');
    expect(await running).toBe('done');
    table.resolve(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(controllers.map(({ signal }) => signal.aborted)).toEqual([false]);
  });

  it('keeps its own outcome if it succeeds before it can see that it was cancelled', async () => {
    const gate = Promise.withResolvers<{ n: number }>();
    const { handled, outcomes } = await runAndCancel(() => gate.promise);
    gate.resolve({ n: 1 });
    await handled;
    expect(outcomes()).toEqual(['SUCCEEDED']);
  });

  it('is not tried again if it fails before it can see that it was cancelled', async () => {
    const gate = Promise.withResolvers<{ n: number }>();
    const { handled, outcomes } = await runAndCancel(() => gate.promise);
    gate.reject(new Error('down'));
    expect(await handled).toEqual([]);
    expect(outcomes()).toEqual(['CANCELLED']);
  });

  it('settles as CANCELLED when its time is up, if its code does not look at the signal', async () => {
    const { handled, outcomes } = await runAndCancel(() => new Promise(() => {}), sampleType({ timeoutSeconds: 20 }));
    await jest.advanceTimersByTimeAsync(19_999);
    expect(outcomes()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await handled;
    expect(outcomes()).toEqual(['CANCELLED']);
  });

  it('goes on running if the table cannot be read, and looks again', async () => {
    jest.useFakeTimers();
    const { tools, model, handle, clock } = workbench(
      untilAborted((reason) => Promise.reject(reason)),
      sampleType({ timeoutSeconds: 60 }),
    );
    jest.spyOn(tools.store, 'isCancelRequested').mockRejectedValueOnce(new Error('throttled'));
    const handled = handle([sampleMessage()]);
    await jest.advanceTimersByTimeAsync(0);
    await model.cancel(identityOf(), new Date(clock.ms), false);
    await jest.advanceTimersByTimeAsync(10_000);
    await handled;
    expect(model.jobOf(identityOf())?.status).toBe('CANCELLED');
  });

  it('cannot stop its express workflow, and is not looked up: a success counts, a failure is not tried again', async () => {
    const express = sampleType({ run: 'express', timeoutSeconds: 60 });
    for (const [end, outcome] of [
      [() => Promise.resolve({ n: 1 }), 'SUCCEEDED'],
      [() => Promise.reject(new Error('down')), 'CANCELLED'],
    ] as const) {
      const gate = Promise.withResolvers<void>();
      const { handled, outcomes, tools } = await runAndCancel(() => gate.promise.then(end), express);
      const read = jest.spyOn(tools.store, 'isCancelRequested');
      await jest.advanceTimersByTimeAsync(30_000);
      gate.resolve();
      await handled;
      expect([outcomes(), read.mock.calls]).toEqual([[outcome], []]);
    }
  });

  it('settles as CANCELLED at its next claim after a crash, without running again', async () => {
    let runs = 0;
    const { model, clock, handle } = workbench(() => {
      runs += 1;
      return new Promise(() => {});
    });
    void handle([sampleMessage()]);
    await turn();
    await model.cancel(identityOf(), new Date(clock.ms), false);
    clock.ms += 3_600_000;
    expect(await handle([sampleMessage()])).toEqual([]);
    expect([runs, model.jobOf(identityOf())?.status]).toEqual([1, 'CANCELLED']);
  });
});

describe('a job that is cancelled before it runs', () => {
  it('is dropped by its consumer, whether or not it was seen before, and its key goes on', async () => {
    const ran: string[] = [];
    const ordered = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
    const { model, clock, handle } = workbench(async ({ n }, { id }) => {
      ran.push(id);
      return { n };
    }, ordered);
    expect(await model.cancel(identityOf('a'), new Date(clock.ms), false)).toBe('unknown');
    expect(await model.cancel(identityOf('a'), new Date(clock.ms), true)).toBe('cancelled');
    expect(await handle([sampleMessage({ id: 'a' }), sampleMessage({ id: 'b' })])).toEqual([]);
    expect([ran, model.jobOf(identityOf('a'))?.status]).toEqual([['b'], 'CANCELLED']);
  });

  it('is not failed by a message that does not fit its contract', async () => {
    const { model, clock, handle } = workbench(async ({ n }) => ({ n }));
    await model.cancel(identityOf(), new Date(clock.ms), true);
    await handle([{ ...sampleMessage(), body: 'not JSON' }]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ outcome: 'CANCELLED' }]);
  });
});

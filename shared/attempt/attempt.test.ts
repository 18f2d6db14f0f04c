import * as z from 'zod/mini';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';
import { PermanentJobError, RetryLaterError } from './errors.ts';

const succeed = async ({ n }: { n: number }) => ({ n });

describe('an attempt', () => {
  it('settles a job with the result that its code returned', async () => {
    const { handle, model } = workbench(succeed);
    expect(await handle([sampleMessage({ n: 7 })])).toEqual([]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ outcome: 'SUCCEEDED', result: { json: '{"n":7}' } }]);
  });

  it('drops the message of a settled job when it comes again', async () => {
    let runs = 0;
    const { handle, notes } = workbench(async () => ({ n: ++runs }));
    await handle([sampleMessage()]);
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(runs).toBe(1);
    expect(notes).toContainEqual({ did: 'drop', jobId: 'job-1', reason: expect.any(String) });
  });

  it('settles a job once when two attempts finish together', async () => {
    const gate = Promise.withResolvers<void>();
    const { handle, clock, model, notes } = workbench(async ({ n }) => gate.promise.then(() => ({ n })));
    const first = handle([sampleMessage()]);
    await new Promise(setImmediate);
    clock.ms += 60_000;
    const second = handle([sampleMessage()]);
    await new Promise(setImmediate);
    gate.resolve();
    // the message of the attempt that comes too late must not be deleted
    expect(await Promise.all([first, second])).toEqual([['message-of-job-1'], []]);
    expect(model.jobOf(identityOf())?.outcomes).toHaveLength(1);
    expect(notes.filter(({ did }) => did === 'settle')).toHaveLength(1);
  });

  it('does not let a late attempt overwrite the result of a newer one', async () => {
    const gate = Promise.withResolvers<void>();
    const { handle, clock, model } = workbench(async (_, { attempt }) => {
      if (attempt === 1) await gate.promise;
      return { n: attempt };
    });
    const late = handle([sampleMessage()]);
    await new Promise(setImmediate);
    clock.ms += 60_000;
    await handle([sampleMessage()]);
    gate.resolve();
    await late;
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ result: { json: '{"n":2}' } }]);
  });

  it.each<['return' | 'throw']>([['return'], ['throw']])(
    'keeps the message, and its visibility, of a late attempt that ends with a %s while a newer one runs, so that the newer one can be retried',
    async (ending) => {
      const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { handle, clock, model, notes } = workbench(async ({ n }, { attempt }) => {
        await gates[attempt - 1]?.promise;
        if (attempt === 2 || (attempt === 1 && ending === 'throw')) throw new Error('not yet');
        return { n };
      });
      const late = handle([sampleMessage()]);
      await new Promise(setImmediate);
      clock.ms += 60_000;
      const newer = handle([sampleMessage()]);
      await new Promise(setImmediate);
      gates[0]?.resolve();
      expect(await late).toEqual(['message-of-job-1']);
      expect(notes.filter(({ did }) => did === 'show again' || did === 'send again')).toEqual([]);
      gates[1]?.resolve();
      expect(await newer).toEqual(['message-of-job-1']);
      expect(await handle([sampleMessage()])).toEqual([]);
      expect(model.jobOf(identityOf())).toMatchObject({ status: 'SUCCEEDED', attempt: 3 });
    },
  );

  it('fails a job that a newer contract refuses although it was attempted before', async () => {
    const { handle, model } = workbench(async () => {
      throw new Error('not yet');
    });
    const message = sampleMessage();
    expect(await handle([message])).toEqual(['message-of-job-1']);
    const { handle: handleNewer } = workbench(
      succeed,
      sampleType({
        input: z.strictObject({ other: z.string() }) as never,
        example: { input: { other: 'x' } as never, result: { n: 1 } },
      }),
      model,
    );
    expect(await handleNewer([message])).toEqual([]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { outcome: 'FAILED', error: { code: 'INPUT_REFUSED' } },
    ]);
  });

  it('claims a message that was received often before it is parsed, so that a body that kills its consumer costs attempts', async () => {
    const { handle, model } = workbench(succeed);
    await handle([sampleMessage({ receiveCount: 3, body: '{' })]);
    expect(model.jobOf(identityOf())).toMatchObject({ attempt: 1, outcomes: [{ error: { code: 'INPUT_REFUSED' } }] });
  });

  it('makes another attempt after a crash between running and settling', async () => {
    const { handle, clock, model, tools } = workbench(succeed);
    const { settle } = tools.store;
    tools.store.settle = async () => {
      throw new Error('the process died');
    };
    expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    tools.store.settle = settle;
    clock.ms += 60_000;
    await handle([sampleMessage({ receiveCount: 2 })]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
  });

  it('waits until the lease of a live attempt ends', async () => {
    const { handle, model, notes, claimElsewhere } = workbench(succeed);
    await claimElsewhere(sampleMessage(), 4000);
    expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    expect(notes).toEqual([{ did: 'show again', messageId: 'message-of-job-1', afterSeconds: 4 }]);
    expect(model.jobOf(identityOf())?.attempt).toBe(1);
  });

  it('retries a job with backoff until its attempts are used up, then fails it with the last error', async () => {
    const { handle, model, notes } = workbench(async () => {
      throw new Error('downstream is down');
    });
    for (const _ of [1, 2]) expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(notes.filter(({ did }) => did === 'show again')).toEqual([
      { did: 'show again', messageId: 'message-of-job-1', afterSeconds: 1 },
      { did: 'show again', messageId: 'message-of-job-1', afterSeconds: 2 },
    ]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { outcome: 'FAILED', error: { code: 'Error', message: 'downstream is down' }, archiveKey: 'failed/job-1' },
    ]);
  });

  it('fails a job at once on a permanent error and names the step', async () => {
    const { handle, model } = workbench(async () => {
      throw new PermanentJobError('CARD_REFUSED', 'no credit', 'charge');
    });
    await handle([sampleMessage()]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { error: { code: 'CARD_REFUSED', message: 'no credit', step: 'charge' } },
    ]);
  });

  it('sends the message again, with the same job id, when the wait is longer than a minute', async () => {
    const { handle, notes } = workbench(async () => {
      throw new RetryLaterError('BUSY', 'come back later', 300);
    });
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(notes).toContainEqual({
      did: 'send again',
      messageId: 'message-of-job-1',
      jobId: 'job-1',
      afterSeconds: 300,
    });
  });

  it('keeps a message in its ordered lane however long the wait is', async () => {
    const ordered = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
    const { handle, notes } = workbench(async () => {
      throw new RetryLaterError('BUSY', 'come back later', 300);
    }, ordered);
    expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    expect(notes).toContainEqual({ did: 'show again', messageId: 'message-of-job-1', afterSeconds: 300 });
  });

  it('gives up on job code that never returns and aborts its signal', async () => {
    let observed: unknown;
    const { handle, model } = workbench(
      (_, { signal }) => {
        signal.addEventListener('abort', () => {
          observed = signal.reason;
        });
        return new Promise(() => {});
      },
      sampleType({ maxAttempts: 1 }),
    );
    await handle([sampleMessage()]);
    expect(observed).toMatchObject({ code: 'TIMED_OUT' });
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ error: { code: 'TIMED_OUT' } }]);
  });
});

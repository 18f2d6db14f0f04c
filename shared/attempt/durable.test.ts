import fc from 'fast-check';
import {
  identityOf,
  type SampleInput,
  sampleMessage,
  sampleType,
  submissionIn,
  workbench,
} from '../testing/workbench.ts';
import type { ClaimAnswer, GoingState } from './claim.ts';
import { PermanentJobError } from './errors.ts';
import { type Job, STARTED, type Start } from './job-code.ts';

const durable = sampleType({ run: 'durable', maxAttempts: 1, timeoutSeconds: 86_400 });
/** Longer than a lease. */
const LATER_MS = 60_000;

/** A consumer of durable jobs whose executions, by attempt, are started only once, as Step Functions does it. */
function durableBench(start: (executions: Set<number>) => Promise<void> = async () => {}) {
  const executions = new Set<number>();
  let starts = 0;
  const run: Start<unknown> = async (_, { attempt }) => {
    starts += 1;
    executions.add(attempt);
    await start(executions);
    return STARTED;
  };
  return { ...workbench(run, durable), executions, startCount: () => starts };
}

describe('the attempt of a durable job', () => {
  it('is done with the message once the workflow is started, and leaves the job running without a lease', async () => {
    const { handle, model } = durableBench();
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'RUNNING', attempt: 1, outcomes: [] });
    expect(model.jobOf(identityOf())).not.toHaveProperty('leaseUntil');
  });

  it('looks at the job, and does not start it again, when a message of it comes while the workflow runs, however late', async () => {
    const { handle, clock, startCount, tools } = durableBench();
    const looks: unknown[] = [];
    tools.goesOn = {
      look: async ({ id, attempt }, { untold }) => void looks.push({ id, attempt, untold }),
      firstLookSeconds: 900,
    };
    await handle([sampleMessage()]);
    expect(looks).toEqual([]);
    clock.ms += 20 * 86_400_000;
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(startCount()).toBe(1);
    expect(looks).toEqual([{ id: 'job-1', attempt: 1, untold: undefined }]);
  });

  it('starts the same attempt again when the start could not be reached, and does not use the attempt up', async () => {
    let outage = true;
    const { handle, clock, executions, model, notes } = durableBench(async () => {
      if (outage) throw new Error('throttled');
    });
    expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    expect(notes).toContainEqual(expect.objectContaining({ did: 'break' }));
    outage = false;
    clock.ms += LATER_MS;
    expect(await handle([sampleMessage()])).toEqual([]);
    expect([...executions]).toEqual([1]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'RUNNING', attempt: 1 });
  });

  it('waits for the lease of a consumer that may still be starting the workflow', async () => {
    const { handle, claimElsewhere, notes } = durableBench();
    await claimElsewhere(sampleMessage(), 25_000);
    expect(await handle([sampleMessage()])).toEqual(['message-of-job-1']);
    expect(notes).toContainEqual({ did: 'show again', messageId: 'message-of-job-1', afterSeconds: 25 });
  });

  it('has a reference sent to a first look that is due before the tick would find it', async () => {
    const { handle, tools, notes } = durableBench();
    const soon = { reference: { pk: 'pk', dueSort: 'place' }, at: new Date() };
    tools.store.handOver = async () => ({ soon, state: { untold: undefined, changedAt: new Date() } });
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(notes).toContainEqual({ did: 'refer', pk: 'pk', at: soon.at });
  });

  it('has its workflow stopped at the hand-over when it was cancelled after the start', async () => {
    const bench = durableBench(async () => {
      expect(await bench.model.cancel(identityOf(), bench.tools.now(), false)).toBe('requested');
    });
    const looks: unknown[] = [];
    bench.tools.goesOn = { look: async (_, { untold }) => void looks.push(untold), firstLookSeconds: 900 };
    expect(await bench.handle([sampleMessage()])).toEqual([]);
    expect(looks).toEqual([{ kind: 'cancelled', token: undefined }]);
  });

  it('has its workflow looked for when it was cancelled and its consumer crashed, and is not started again', async () => {
    const bench = durableBench(async () => {
      await bench.model.cancel(identityOf(), bench.tools.now(), false);
      throw new Error('crash');
    });
    const looks: unknown[] = [];
    const look = async ({ attempt }: { attempt: number }, { untold }: GoingState) =>
      void looks.push({ attempt, untold });
    bench.tools.goesOn = { look, firstLookSeconds: 900 };
    expect(await bench.handle([sampleMessage()])).toEqual(['message-of-job-1']);
    bench.clock.ms += LATER_MS;
    expect(await bench.handle([sampleMessage()])).toEqual([]);
    expect(bench.startCount()).toBe(1);
    expect(looks).toEqual([{ attempt: 1, untold: { kind: 'cancelled', token: undefined } }]);
    // from here on the due index has it looked at
    expect(bench.model.jobOf(identityOf())).toMatchObject({ status: 'RUNNING', due: { kind: 'look' } });
  });

  it('is not done with the message of a cancelled job whose workflow could not be stopped', async () => {
    const bench = durableBench(async () => {
      await bench.model.cancel(identityOf(), bench.tools.now(), false);
    });
    const look = async () => {
      throw new Error('throttled');
    };
    bench.tools.goesOn = { look, firstLookSeconds: 900 };
    expect(await bench.handle([sampleMessage()])).toEqual(['message-of-job-1']);
  });

  it('fails at once when its workflow can never be started', async () => {
    const { handle, model } = durableBench(async () => {
      throw new PermanentJobError('WORKFLOW_INPUT_TOO_LARGE', 'too large');
    });
    expect(await handle([sampleMessage()])).toEqual([]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([
      { outcome: 'FAILED', error: { code: 'WORKFLOW_INPUT_TOO_LARGE' } },
    ]);
  });

  it('starts exactly one execution and keeps its outcome, wherever its consumers crash and whenever it ends', async () => {
    const crash = fc.constantFrom('nowhere', 'before the start', 'after the start', 'before the hand-over');
    const delivery = fc.record({ crash, laterMs: fc.constantFrom(1000, LATER_MS) });
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 6 }), fc.nat(6), async (deliveries, endsAt) => {
        const bench = durableBench();
        const { model, clock, tools, executions } = bench;
        const endIfDue = async (round: number) => {
          if (round !== endsAt || executions.size === 0) return;
          const settlement = { outcome: 'SUCCEEDED', result: { json: '{"n":1}' }, now: tools.now() } as const;
          await model.store.settle({ ...identityOf(), attempt: 1 }, settlement);
        };
        for (const [round, { crash: where, laterMs }] of [...deliveries, { crash: 'nowhere', laterMs: 0 }].entries()) {
          const crashing = new Error('crash');
          const { run } = tools;
          const start = async (input: SampleInput, job: Job) => {
            if (where === 'before the start') throw crashing;
            const started = await run(input, job);
            if (where === 'after the start') throw crashing;
            return started;
          };
          const handOver: typeof model.store.handOver = async (fence, look) => {
            if (where === 'before the hand-over') throw crashing;
            return model.store.handOver(fence, look);
          };
          Object.assign(bench.tools, { run: start, store: { ...model.store, handOver } });
          await bench.handle([sampleMessage()]);
          Object.assign(bench.tools, { run, store: model.store });
          await endIfDue(round);
          clock.ms += laterMs;
        }
        // the last delivery, after every lease
        clock.ms += LATER_MS;
        expect(await bench.handle([sampleMessage()])).toEqual([]);
        const job = model.jobOf(identityOf());
        expect([...executions]).toEqual([1]);
        expect(job?.attempt).toBe(1);
        expect(job?.outcomes.length).toBeLessThanOrEqual(1);
        const answer: ClaimAnswer = await model.store.claim(submissionIn(sampleMessage()), {
          now: tools.now(),
          leaseUntil: tools.now(),
          maxAttempts: 1,
          evenIfVanished: true,
          evenIfNew: true,
          resumes: true,
        });
        expect(['started', 'settled']).toContain(answer.kind);
      }),
    );
  });
});

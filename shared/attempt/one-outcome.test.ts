import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Outcome } from '../contracts/job.ts';
import { identityOf, sampleMessage, workbench } from '../testing/workbench.ts';
import { PermanentJobError } from './errors.ts';

const MINUTE_MS = 60_000;
const action = fc.constantFrom('deliver', 'succeed', 'throw', 'throw for good', 'crash', 'cancel', 'cancel unseen');

/** The outcomes that a job may have, after the answers to those who cancelled it. */
function allowedAfter(answers: string[]): Outcome[] {
  if (answers.includes('cancelled')) return ['CANCELLED'];
  return answers.includes('requested') ? ['CANCELLED', 'SUCCEEDED'] : ['SUCCEEDED', 'FAILED'];
}

describe('any order of claims, ends, crashes and cancels', () => {
  it('gives a job exactly one outcome, and CANCELLED to one whose cancellation was accepted, unless it succeeded unseen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 14 }), async (actions) => {
        const running: PromiseWithResolvers<{ n: number }>[] = [];
        const bench = workbench(() => {
          const gate = Promise.withResolvers<{ n: number }>();
          running.push(gate);
          return gate.promise;
        });
        const { model, clock, handle } = bench;
        const answers: string[] = [];
        const started: Promise<unknown>[] = [];
        const act: Record<string, () => unknown> = {
          deliver: () => started.push(handle([sampleMessage()])),
          succeed: () => running.shift()?.resolve({ n: 1 }),
          throw: () => running.pop()?.reject(new Error('down')),
          'throw for good': () => running.shift()?.reject(new PermanentJobError('NO', 'no')),
          // the attempt goes on, and ends late
          crash: () => {
            clock.ms += MINUTE_MS;
          },
          cancel: async () => answers.push(await model.cancel(identityOf(), new Date(clock.ms), false)),
          'cancel unseen': async () => answers.push(await model.cancel(identityOf(), new Date(clock.ms), true)),
        };
        for (const name of actions) {
          await act[name]?.();
          await turn();
        }
        // whatever is left ends well, and the message comes until its job has an outcome
        for (let tries = 0; tries < 5; tries += 1) {
          clock.ms += MINUTE_MS;
          started.push(handle([sampleMessage()]));
          await turn();
          for (const gate of running.splice(0)) gate.resolve({ n: 1 });
        }
        await Promise.all(started);
        const outcomes = model.jobOf(identityOf())?.outcomes ?? [];
        expect(outcomes).toHaveLength(1);
        expect(allowedAfter(answers)).toContain(outcomes[0]?.outcome);
      }),
      { numRuns: 400 },
    );
  });
});

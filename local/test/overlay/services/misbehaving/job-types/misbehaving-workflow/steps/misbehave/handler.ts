import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { StepJob } from '@spillway/shared/attempt/job-code.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';

/** Longer than the workflow may take, shorter than the function. */
const TOO_LONG_MS = 4000;

/** One way to misbehave. */
const behaviours: Record<string, (job: StepJob) => unknown> = {
  succeed: () => undefined,
  'fail-once': ({ attempt }) => attempt === 1 && raise(new Error('the first attempt always fails')),
  'fail-always': () => raise(Object.assign(new Error('this never works'), { code: 'NEVER_WORKS' })),
  'fail-permanently': () => raise(new PermanentJobError('NO_SUCH_THING', 'it is not there and never will be')),
  'throw-a-string': () => raise('a plain string'),
  exit: () => process.exit(1),
  hang: () => sleep(TOO_LONG_MS),
  'hang-once': ({ attempt }) => attempt === 1 && sleep(TOO_LONG_MS),
};

export const handler = step<{ behave: string }, unknown>(async ({ behave }, job) => {
  if (behave === 'return-nonsense') return { nonsense: true };
  await behaviours[behave]?.(job);
  return { attempt: job.attempt, traceId: job.traceId };
});

function raise(thrown: unknown): never {
  throw thrown;
}

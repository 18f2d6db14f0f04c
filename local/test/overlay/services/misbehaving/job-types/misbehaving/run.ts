import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentJobError, RetryLaterError } from '@spillway/shared/attempt/errors.ts';
import type { Job } from '@spillway/shared/attempt/job-code.ts';

type Result = { attempt: number; filler?: string };

const MEGABYTE = 1024 * 1024;
/** Beyond what a row keeps, even deflated, so that it must go to the payload bucket. */
const MUCH = 100 * 1024;
/** Beyond what an answer of the front door holds. */
const VERY_MUCH = 7 * MEGABYTE;

/** One way to misbehave; what it returns is what the job returns. */
const behaviours: Record<string, (job: Job) => unknown> = {
  succeed: () => undefined,
  sleep: () => sleep(1000),
  'fail-once': ({ attempt }) => attempt === 1 && raise(new Error('the first attempt always fails')),
  'fail-once-and-wait': ({ attempt }) =>
    attempt === 1 && raise(new RetryLaterError('LATER', 'the first attempt asks for another one later', 5)),
  'fail-always': () => raise(new Error('this never works')),
  'fail-permanently': () => raise(new PermanentJobError('NO_SUCH_THING', 'it is not there and never will be')),
  // numbers of attempts go on after a replay
  'fail-until-replayed': ({ attempt }) =>
    attempt === 1 && raise(new PermanentJobError('NOT_YET', 'only a replay helps')),
  'throw-a-string': () => raise('a plain string'),
  'never-return': () => new Promise(() => undefined),
  spin: () => {
    for (;;);
  },
  'exhaust-memory': () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array(MEGABYTE).fill(kept.length));
  },
  'exit-once': ({ attempt }) => attempt === 1 && process.exit(1),
  'exit-always': () => process.exit(1),
  'exit-then-fail': ({ attempt }) => (attempt === 1 ? process.exit(1) : raise(new Error('this never works'))),
  'log-a-megabyte': ({ logger }) => logger.info('x'.repeat(MEGABYTE)),
  'report-progress': async (job) => {
    job.progress({ done: 1, total: 2 });
    await sleep(1200);
    job.progress({ done: 2, total: 2 });
  },
};

export async function run({ behave }: { behave: string }, job: Job): Promise<Result> {
  if (behave === 'return-nonsense') return { nonsense: true } as unknown as Result;
  if (behave === 'return-much') return { attempt: job.attempt, filler: 'x'.repeat(MUCH) };
  if (behave === 'return-very-much') return { attempt: job.attempt, filler: 'x'.repeat(VERY_MUCH) };
  await behaviours[behave]?.(job);
  return { attempt: job.attempt };
}

function raise(thrown: unknown): never {
  throw thrown;
}

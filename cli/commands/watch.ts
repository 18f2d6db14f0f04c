import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '@spillway/client/errors.ts';
import { type Answer, type FrontDoor, reasonOf } from '@spillway/client/front-door.ts';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jobCommand } from '../options.ts';
import { openFrontDoor } from '../session.ts';

const LOOK_EVERY_MS = 500;
/** How long the front door may be busy or away before the watch ends. */
const PATIENCE_MS = 30_000;
/** A watch that cannot say how the job ended must not look like a job that failed. */
const OUTCOME_UNKNOWN = 3;

export function addWatch(program: Command): void {
  jobCommand(program, 'watch')
    .description(
      'Print each change of a job until it has an outcome; exits with 0 if it succeeded, 1 if it did not, 3 if nobody can say',
    )
    .action(async (type: JobType, id: string, options) => {
      const { door } = await openFrontDoor(options);
      let shown = '';
      for (;;) {
        const job = await readPatiently(door, type.name, id, options.acceptedAt);
        const line = describe(job);
        if (line !== shown) console.log(line);
        shown = line;
        if (isSettled(job.status)) return conclude(job);
        await sleep(LOOK_EVERY_MS);
      }
    });
}

/** Reads a job, and tries again while the front door is busy or cannot be reached. @throws CliError if that does not end */
async function readPatiently(door: FrontDoor, type: string, id: string, acceptedAt?: string): Promise<JobView> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await door.job(type, id, acceptedAt).catch(unreached);
    if (typeof answer !== 'string' && answer.status === 200) return answer.body;
    const passing = typeof answer === 'string' || answer.status === 429 || answer.status >= 500;
    if (!passing || Date.now() > end) {
      const reason = typeof answer === 'string' ? answer : `The job could not be read (${reasonOf(answer)})`;
      throw new CliError('NO_JOB', reason, OUTCOME_UNKNOWN);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** @returns what could not be reached */
function unreached(error: unknown): string | Answer<JobView> {
  if (error instanceof ClientError && error.code === 'UNREACHABLE') return error.message;
  throw error;
}

function describe({ status, attempts, confirmed, progress, error }: JobView): string {
  const done = progress ? ` ${progress.done}/${progress.total} ${progress.message ?? ''}` : '';
  // a settled job's error is printed in full
  const reason = error && !isSettled(status) ? `, because of ${error.code}: ${error.message}` : '';
  return confirmed ? `${status} (attempt ${attempts})${done}${reason}` : `${status} (no consumer has seen it yet)`;
}

function conclude(job: JobView): void {
  console.log(JSON.stringify(job.result ?? job.links.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}

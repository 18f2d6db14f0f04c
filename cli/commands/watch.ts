import { ClientError } from '@spillway/client/errors.ts';
import type { Job } from '@spillway/client/index.ts';
import { isSettled } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jobCommand, referenceTo } from '../options.ts';
import { openFrontDoor } from '../session.ts';

/** Whoever watches a job can stop, so it is watched as long as the client can wait. */
const AS_LONG_AS_POSSIBLE = { withinSeconds: Number.POSITIVE_INFINITY };
/** Over about half a minute the front door may be busy or away. */
const TRIES = 7;
/** A watch that cannot say how the job ended must not look like a job that failed. */
const OUTCOME_UNKNOWN = 3;

export function addWatch(program: Command): void {
  jobCommand(program, 'watch')
    .description(
      'Print each change of a job until it has an outcome; exits with 0 if it succeeded, 1 if it did not, 3 if nobody can say',
    )
    .action(async (type: JobType, id: string, options) => {
      const { client } = await openFrontDoor(options);
      let shown = '';
      const until = (job: Job<unknown>) => {
        const line = describe(job);
        if (line !== shown) console.log(line);
        shown = line;
        return isSettled(job.status);
      };
      const watched = client
        .jobsOf(type.name)
        .waitFor(referenceTo(id, options.acceptedAt), { ...AS_LONG_AS_POSSIBLE, tries: TRIES, until });
      conclude(await watched.catch(outcomeUnknown));
    });
}

function outcomeUnknown(error: unknown): never {
  throw error instanceof ClientError ? new CliError(error.code, error.message, OUTCOME_UNKNOWN) : error;
}

function describe({ status, attempts, confirmed, progress, error }: Job<unknown>): string {
  const done = progress ? ` ${progress.done}/${progress.total} ${progress.message ?? ''}` : '';
  // a settled job's error is printed in full
  const reason = error && !isSettled(status) ? `, because of ${error.code}: ${error.message}` : '';
  return confirmed ? `${status} (attempt ${attempts})${done}${reason}` : `${status} (no consumer has seen it yet)`;
}

function conclude(job: Job<unknown>): void {
  console.log(JSON.stringify(job.result ?? job.links.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}

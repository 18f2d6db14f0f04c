import { ClientError } from '@spillway/client/errors.ts';
import type { Job, JobChange } from '@spillway/client/index.ts';
import type { EventType } from '@spillway/shared/contracts/events/event-types.ts';
import { JOB_STATUSES, type JobStatus, STATUSES } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jobCommand, referenceTo } from '../options.ts';
import { openFrontDoor } from '../session.ts';

/** Over about half a minute the front door may be busy or away. */
const TRIES = 7;
/** A watch that cannot say how the job ended must not look like a job that failed. */
const OUTCOME_UNKNOWN = 3;

export function addWatch(program: Command): void {
  jobCommand(program, 'watch')
    .description(
      'Print each change of a job until it has an outcome; exits with 0 if it succeeded, 1 if it did not, 3 if the outcome is unknown',
    )
    .action(async (type: JobType, id: string, options) => {
      const { client } = await openFrontDoor(options);
      const jobs = client.jobsOf(type.name);
      const reference = referenceTo(id, options.acceptedAt);
      const watched = async () => {
        const { confirmed } = await jobs.get(reference, { tries: TRIES });
        if (!confirmed) console.log('QUEUED (no consumer has seen it yet)');
        for await (const change of jobs.watch(reference, { tries: TRIES })) console.log(describe(change));
        return jobs.get(reference, { tries: TRIES });
      };
      conclude(await watched().catch(outcomeUnknown));
    });
}

function outcomeUnknown(error: unknown): never {
  throw error instanceof ClientError ? new CliError(error.code, error.message, OUTCOME_UNKNOWN) : error;
}

/** The status of a job after an event that does not enter one. */
const STATUS_AFTER: { readonly [Type in EventType]?: JobStatus } = {
  'job.accepted': 'QUEUED',
  'job.queued': 'QUEUED',
  'job.replayed': 'QUEUED',
  'job.progressed': 'RUNNING',
  'job.decided': 'RUNNING',
  'job.reminded': 'WAITING',
};

function describe({ type, data: { attempt, progress, error, settledAt } }: JobChange): string {
  const status = STATUS_AFTER[type] ?? JOB_STATUSES.find((each) => STATUSES[each].event === type);
  if (!status) return 'submitted again with another body, which changed nothing';
  const done = progress ? ` ${progress.done}/${progress.total} ${progress.message ?? ''}` : '';
  // a settled job's error is printed in full
  const reason = error && !settledAt ? `, because of ${error.code}: ${error.message}` : '';
  return `${status} (attempt ${attempt})${done}${reason}`;
}

function conclude(job: Job<unknown>): void {
  console.log(JSON.stringify(job.result ?? job.links.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}

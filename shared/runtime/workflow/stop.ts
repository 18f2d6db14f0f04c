import { SendTaskFailureCommand, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { PermanentJobError } from '../../attempt/errors.ts';
import type { Fence, Submission } from '../../attempt/submission.ts';
import { isNotWaiting } from './go-on.ts';
import { stepFailure } from './step-errors.ts';

/** What names the execution of a job. */
export type StartedJob = Fence & Pick<Submission, 'acceptedAt'>;

/**
 * Stops the workflow of a job that is to be cancelled. The end of its execution then settles the job.
 *
 * @param token with it, the job waits for a decision. Then the state that waits fails, so that the workflow undoes what its
 *   steps did. Without it, the execution is stopped at once, and runs no `Catch`.
 * @throws any error of Step Functions, except that nothing waits with the token: the workflow then reads the row before it
 *   asks again, and ends
 */
export type Stop = (job: StartedJob, token: string | undefined) => Promise<void>;

const CANCELLED = new PermanentJobError('JOB_CANCELLED', 'the job was cancelled');

/** What a step that had thrown this would have reported to its workflow, in the form in which Lambda reports it. */
const FAILURE = (() => {
  const { name, message } = stepFailure(CANCELLED);
  return { error: name, cause: JSON.stringify({ errorType: name, errorMessage: message }) };
})();

export const stopping =
  (client: Pick<SFNClient, 'send'>, arnOf: (job: StartedJob) => string): Stop =>
  async (job, taskToken) => {
    if (taskToken === undefined) {
      const { code, message } = CANCELLED;
      await client.send(new StopExecutionCommand({ executionArn: arnOf(job), error: code, cause: message }));
      return;
    }
    try {
      await client.send(new SendTaskFailureCommand({ taskToken, ...FAILURE }));
    } catch (error) {
      if (!isNotWaiting(error)) throw error;
    }
  };

import { type SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { Job, Run } from '../attempt/job.ts';
import type { JobType } from '../contracts/job-type.ts';
import { environment } from './environment.ts';
import { executionError } from './step-error.ts';
import { workflows } from './workflow-client.ts';
import { workflowInput } from './workflow-input.ts';

/**
 * The `run` of a job type that has a workflow, for its consumer: an attempt is one execution, started and waited for, so
 * that the lane keeps its concurrency and its retries.
 *
 * @throws EnvironmentError while loading, without WORKFLOW_ARN
 */
export function workflow<Input, Result>(jobType: JobType<Input, Result>): Run<Input, Result> {
  const { WORKFLOW_ARN } = environment({ WORKFLOW_ARN: z.string() });
  return executing(workflows(), WORKFLOW_ARN, jobType.name);
}

/**
 * Runs a job as an Express execution. What the execution returns is checked by the job type's contract, like any result.
 *
 * @throws PermanentJobError if a step threw one, or the input is too large
 * @throws RetryLaterError if a step threw one
 * @throws WorkflowError if the execution ended in any other way but success
 */
export function executing<Input, Result>(
  client: Pick<SFNClient, 'send'>,
  stateMachineArn: string,
  type: string,
): Run<Input, Result> {
  return async (input, job) => {
    const execution = await client.send(
      new StartSyncExecutionCommand({
        stateMachineArn,
        name: executionName(job),
        input: workflowInput(type, input, job),
      }),
      { abortSignal: job.signal },
    );
    if (execution.status !== 'SUCCEEDED') throw executionError(execution);
    return JSON.parse(execution.output ?? 'null');
  };
}

/** One name an attempt, to find its log lines by: at most 80 characters, and 67 with 25 attempts. */
const executionName = (job: Job) => `${job.idempotencyKey('execution')}-${job.attempt}`;

import { type SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { PermanentJobError } from '../../attempt/errors.ts';
import type { Job, Run } from '../../attempt/job.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { WORKFLOW_INPUT_BYTES } from '../../contracts/run-kinds.ts';
import { stepFunctions } from '../aws.ts';
import { environment } from '../environment.ts';
import { executionError } from './step-errors.ts';

/**
 * The `run` of a job type that has a workflow, for its consumer: an attempt is one execution, started and waited for, so
 * that the lane keeps its concurrency and its retries.
 *
 * @throws EnvironmentError while loading, without WORKFLOW_ARN
 */
export function workflow<Input, Result>(jobType: JobType<Input, Result>): Run<Input, Result> {
  const { WORKFLOW_ARN } = environment({ WORKFLOW_ARN: z.string() });
  return executing(stepFunctions(), WORKFLOW_ARN, jobType.name);
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

/** What a workflow is started with, and what its steps get: the client's input, and whose it is. */
export interface WorkflowInput<Input> {
  input: Input;
  job: { type: string; id: string; tenant: string; attempt: number; acceptedAt: string; traceId: string };
}

/**
 * The input of a job's workflow, as JSON. The lane takes no message that would not fit, but an input can grow while it is
 * parsed: 1e20 is a number of 21 digits in JSON, and a schema can add defaults.
 *
 * @throws PermanentJobError if it is larger than Step Functions takes
 */
export function workflowInput<Input>(type: string, input: Input, job: Job): string {
  const { id, tenant, attempt, traceId } = job;
  const whole: WorkflowInput<Input> = {
    input,
    job: { type, id, tenant, attempt, acceptedAt: job.acceptedAt.toISOString(), traceId },
  };
  const json = JSON.stringify(whole);
  const bytes = Buffer.byteLength(json);
  if (bytes <= WORKFLOW_INPUT_BYTES) return json;
  throw new PermanentJobError(
    'WORKFLOW_INPUT_TOO_LARGE',
    `the input is ${bytes} bytes as JSON, and a workflow takes ${WORKFLOW_INPUT_BYTES}: submit a smaller one`,
  );
}

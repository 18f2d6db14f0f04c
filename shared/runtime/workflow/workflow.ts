import { type SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { idempotencyKey } from '../../attempt/digests.ts';
import { PermanentJobError } from '../../attempt/errors.ts';
import type { Job, Run } from '../../attempt/job-code.ts';
import type { Fence, Submission } from '../../attempt/submission.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { workflowName } from '../../contracts/lane.ts';
import { WORKFLOW_INPUT_BYTES } from '../../contracts/run-kinds.ts';
import { stepFunctions } from '../aws.ts';
import { environment } from '../environment.ts';
import { type Objects, objects } from '../objects.ts';
import { stepPayloads } from './pointers.ts';
import { executionError } from './step-errors.ts';

/**
 * The `run` of a job type that has an express workflow, for its consumer. It starts one execution per attempt and waits for
 * it, so that the lane's concurrency and retries work as usual.
 *
 * @throws EnvironmentError while loading, if WORKFLOW_ARN or PAYLOAD_BUCKET is missing
 */
export function workflow<Input, Result>(_: JobType<Input, Result>): Run<Input, Result> {
  const { WORKFLOW_ARN, PAYLOAD_BUCKET } = environment({ WORKFLOW_ARN: z.string(), PAYLOAD_BUCKET: z.string() });
  return executing(stepFunctions(), WORKFLOW_ARN, objects(PAYLOAD_BUCKET));
}

/**
 * Runs a job as an Express execution. The job type's contract checks its output, like any result.
 *
 * @throws PermanentJobError if a step threw one, or if the input is too large
 * @throws RetryLaterError if a step threw one
 * @throws WorkflowError if the execution failed in any other way
 */
export function executing<Input, Result>(
  client: Pick<SFNClient, 'send'>,
  stateMachineArn: string,
  payloads: Pick<Objects, 'put' | 'get'>,
): Run<Input, Result> {
  return async (input, job) => {
    const execution = await client.send(
      new StartSyncExecutionCommand({
        stateMachineArn,
        name: executionName(job),
        input: workflowInput(input, job),
      }),
      { abortSignal: job.signal },
    );
    if (execution.status !== 'SUCCEEDED') throw executionError(execution);
    const output: unknown = JSON.parse(execution.output ?? 'null');
    return (await stepPayloads(payloads, job).restore(output)) as Result;
  };
}

/**
 * One name per attempt: for an express execution, to find its log lines; for a durable one, so that it is started only once.
 * The limit is 80 characters; it has at most 70. Step Functions keeps the name of a Standard execution taken for 90 days after
 * its end (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html), and a job's row is deleted
 * before that. So the name has the time of acceptance in it: a job that uses an id again must not get an old execution.
 */
export const executionName = ({ acceptedAt, ...job }: Fence & Pick<Submission, 'acceptedAt'>) =>
  `${idempotencyKey(job, `execution ${acceptedAt.getTime()}`)}-${job.attempt}`;

/**
 * The ARN of the execution of a started job, from that of all executions of the account.
 *
 * @param executionsArn `arn:aws:states:<region>:<account>:execution`
 */
export const executionArn = (executionsArn: string, stage: string) => (job: Fence & Pick<Submission, 'acceptedAt'>) =>
  `${executionsArn}:${workflowName({ name: job.type }, stage)}:${executionName(job)}`;

/** The input of a workflow and of its steps: the client's input and its job. */
export interface WorkflowInput<Input> {
  input: Input;
  job: { type: string; id: string; tenant: string; attempt: number; acceptedAt: string; traceId: string };
}

/**
 * The input of a job's workflow, as JSON. The lane refuses messages that would not fit, but parsing can make an input
 * longer: 1e20 becomes a number of 21 digits in JSON, and a schema can add defaults.
 *
 * @throws PermanentJobError if the input is larger than Step Functions accepts
 */
export function workflowInput<Input>(input: Input, job: Job): string {
  const { type, id, tenant, attempt, traceId } = job;
  const whole: WorkflowInput<Input> = {
    input,
    job: { type, id, tenant, attempt, acceptedAt: job.acceptedAt.toISOString(), traceId },
  };
  const json = JSON.stringify(whole);
  const bytes = Buffer.byteLength(json);
  if (bytes <= WORKFLOW_INPUT_BYTES) return json;
  throw new PermanentJobError(
    'WORKFLOW_INPUT_TOO_LARGE',
    `the input is ${bytes} bytes as JSON, but a workflow takes at most ${WORKFLOW_INPUT_BYTES}: submit a smaller input`,
  );
}

import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Context, EventBridgeEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { GoingState } from '../../attempt/claim.ts';
import { STARTED, type Start } from '../../attempt/job-code.ts';
import { cancel } from '../../attempt/settle.ts';
import type { AttemptedJob } from '../../attempt/submission.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { jobWrites } from '../../job-store/writes.ts';
import { standardWorkflows } from '../aws.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { s3Archive } from '../lane/archive.ts';
import { consumer } from '../lane/consumer.ts';
import { objects } from '../objects.ts';
import { laneObserver } from '../observers.ts';
import { type Execution, type ExecutionEndTools, hasEnded, settleEnded, settleFailed } from './execution-end.ts';
import { goOn } from './go-on.ts';
import { WorkflowError } from './step-errors.ts';
import { type StartedJob, stopping } from './stop.ts';
import { executionName, workflowInput } from './workflow.ts';

/**
 * The part of a status-change event that is read here. Payloads that are too long for an event are left out of it
 * (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
 */
interface StatusChange {
  executionArn: string;
  name: string;
  status: string;
  input?: string | null;
  output?: string | null;
}
type StatusChangeEvent = EventBridgeEvent<'Step Functions Execution Status Change', StatusChange>;

/**
 * The consumer of a durable job type, which its `handler.ts` exports. From the lane, it takes jobs and starts their
 * workflows. From Step Functions, by way of EventBridge, it takes the ends of the executions and settles their jobs.
 *
 * @throws EnvironmentError while loading, naming a missing variable
 */
export function durable<Input, Result>(jobType: JobType<Input, Result>) {
  const { WORKFLOW_ARN, JOBS_TABLE, ARCHIVE_BUCKET, PAYLOAD_BUCKET, FIRST_LOOK_SECONDS } = environment({
    WORKFLOW_ARN: z.string(),
    JOBS_TABLE: z.string(),
    ARCHIVE_BUCKET: z.string(),
    PAYLOAD_BUCKET: z.string(),
    FIRST_LOOK_SECONDS: z.coerce.number(),
  });
  const client = standardWorkflows();
  const payloads = objects(PAYLOAD_BUCKET);
  const observer = laneObserver(jobType.name);
  const tools = {
    jobType,
    store: jobWrites(dynamo(), JOBS_TABLE),
    archive: s3Archive(jobType, objects(ARCHIVE_BUCKET), payloads),
    payloads,
    observer,
    now: () => new Date(),
  };
  const consume = consumer(jobType, starting(client, WORKFLOW_ARN), {
    look: looking(client, WORKFLOW_ARN, tools),
    firstLookSeconds: FIRST_LOOK_SECONDS,
  });

  async function settle({ detail }: StatusChangeEvent): Promise<undefined> {
    try {
      await settleEnded(await executionOf(detail, client), tools);
    } finally {
      observer.flush();
    }
  }

  return (event: SQSEvent | StatusChangeEvent, context: Context): Promise<SQSBatchResponse | undefined> =>
    'Records' in event ? consume(event, context).finally(() => observer.flush()) : settle(event);
}

/**
 * How long after a job's last change its execution may exist and not be found. DescribeExecution is eventually consistent
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html), which usually takes less than a second.
 */
const LONGEST_HIDDEN_MS = 30_000;

/**
 * Looks at the execution of a job that was started: it may have ended while the event about it was lost, or may have missed
 * what its job's row says, a decision or that the job is to be cancelled.
 *
 * @throws WorkflowError if its workflow missed something, and was started so recently that it is not found yet
 * @throws any error of Step Functions, the store or the archive
 */
export function looking<Result>(
  client: Pick<SFNClient, 'send'>,
  stateMachineArn: string,
  tools: ExecutionEndTools<Result>,
): (job: AttemptedJob, state: GoingState) => Promise<void> {
  const tell = goOn(client);
  const arnOf = (job: StartedJob) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionName(job)}`;
  const stop = stopping(client, arnOf);
  const settleUnfound = async (job: AttemptedJob, { untold, changedAt }: GoingState) => {
    if (tools.now().getTime() - changedAt.getTime() < LONGEST_HIDDEN_MS) {
      if (untold) throw new WorkflowError('WORKFLOW_NOT_FOUND_YET', 'the execution is not found yet; try again');
      return;
    }
    // it may never have been started
    if (untold?.kind === 'cancelled') return void (await cancel({ job }, tools));
    return settleFailed(
      job,
      new WorkflowError('WORKFLOW_GONE', 'the execution of the workflow no longer exists'),
      tools,
    );
  };
  return async (job, state) => {
    const execution = await describeExecution(arnOf(job), client).catch((error: Error) => {
      // executions are deleted with their state machine, and 90 days after their end
      if (error.name !== 'ExecutionDoesNotExist') throw error;
      return undefined;
    });
    if (!execution) return settleUnfound(job, state);
    if (hasEnded(execution)) return settleEnded(execution, tools);
    const { untold } = state;
    if (untold?.kind === 'decided') await tell(untold.token, untold.decision);
    if (untold?.kind === 'cancelled') await stop(job, untold.token);
  };
}

/**
 * Starts a job's attempt as a Standard execution.
 *
 * @throws PermanentJobError if the input is too large
 */
export function starting<Input>(client: Pick<SFNClient, 'send'>, stateMachineArn: string): Start<Input> {
  return async (input, job) => {
    const command = new StartExecutionCommand({
      stateMachineArn,
      name: executionName(job),
      input: workflowInput(input, job),
    });
    try {
      await client.send(command, { abortSignal: job.signal });
    } catch (error) {
      // the name is the attempt's, so it was started before. If it has ended since, a look finds out
      if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
    }
    return STARTED;
  };
}

/** An event has the output of an execution that succeeded, unless it is too long. Everything else must be asked for. */
async function executionOf(detail: StatusChange, client: Pick<SFNClient, 'send'>): Promise<Execution> {
  const { executionArn, name, status, input, output } = detail;
  if (status === 'SUCCEEDED' && input && output) return { name, status, input, output };
  const described = await describeExecution(executionArn, client);
  // the description may be older than the event
  if (!hasEnded(described)) throw new Error(`the execution ${executionArn} has ended, but is described as running`);
  return described;
}

const describeExecution = (executionArn: string, client: Pick<SFNClient, 'send'>): Promise<Execution> =>
  client.send(new DescribeExecutionCommand({ executionArn }));

import * as z from 'zod/mini';
import { JobExpiredError, jobErrorOf, PermanentJobError } from '../../attempt/errors.ts';
import { checkedResult, storedResult } from '../../attempt/result.ts';
import { fail, type SettleTools, succeed } from '../../attempt/settle.ts';
import type { StoredResult } from '../../attempt/settlement.ts';
import type { AttemptedJob } from '../../attempt/submission.ts';
import type { JobError } from '../../contracts/job.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { type s3Archive, startedMessage } from '../lane/archive.ts';
import type { Objects } from '../objects.ts';
import { stepPayloads } from './pointers.ts';
import { executionError } from './step-errors.ts';
import { executionName } from './workflow.ts';

/** An execution of a Standard workflow, as Step Functions describes it. */
export interface Execution {
  name?: string | undefined;
  /** RUNNING, PENDING_REDRIVE, SUCCEEDED, FAILED, TIMED_OUT or ABORTED. */
  status?: string | undefined;
  input?: string | undefined;
  output?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

/** What settling the job of an execution needs. */
export interface ExecutionEndTools<Result> extends Omit<SettleTools, 'archive'> {
  jobType: JobType<unknown, Result>;
  archive: ReturnType<typeof s3Archive>;
  payloads: Pick<Objects, 'put' | 'get'>;
}

/** An execution that this code did not start, such as one that somebody started in the console. */
export class ForeignExecutionError extends Error {
  override readonly name = 'ForeignExecutionError';
  readonly code = 'FOREIGN_EXECUTION';
}

const Input = z.object({
  job: z.object({
    tenant: z.string(),
    type: z.string(),
    id: z.string(),
    attempt: z.int(),
    acceptedAt: z.iso.datetime(),
    traceId: z.string(),
  }),
});

/**
 * The job that an execution runs, according to its input.
 *
 * @throws ForeignExecutionError if the input or the name is not that of a job of the type
 */
export function jobOf({ name, input }: Pick<Execution, 'name' | 'input'>, type: string): AttemptedJob {
  let json: unknown;
  try {
    json = JSON.parse(input ?? '');
  } catch {
    // refused below
  }
  const { data } = z.safeParse(Input, json);
  const job = data && { ...data.job, acceptedAt: new Date(data.job.acceptedAt) };
  if (job?.type !== type || name !== executionName(job)) {
    throw new ForeignExecutionError(`the execution ${name} does not belong to a job of type ${type}`);
  }
  return job;
}

const ENDED = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/** Whether an execution can never change again; one that failed can be redriven, but its job is settled by then. */
export const hasEnded = ({ status = '' }: Pick<Execution, 'status'>) => ENDED.includes(status);

/**
 * Settles the job of an execution that has ended, with the number of its attempt as fence. It may be called any number of
 * times: a job that is settled is left as it is.
 *
 * @throws ForeignExecutionError, as {@link jobOf}; any error of the store, the archive or the payload bucket
 */
export async function settleEnded<Result>(execution: Execution, tools: ExecutionEndTools<Result>): Promise<void> {
  const job = jobOf(execution, tools.jobType.name);
  const { payloads, archive } = tools;
  if (execution.status !== 'SUCCEEDED') return settleFailed(job, executionError(execution), tools);
  let result: StoredResult;
  // the bucket may be out of reach, which is not the job's fault
  const output = await stepPayloads(payloads, job).restore(JSON.parse(execution.output ?? 'null'));
  try {
    result = await storedResult(checkedResult(tools.jobType, output), job, archive);
  } catch (thrown) {
    if (!(thrown instanceof PermanentJobError)) throw thrown;
    return settleFailed(job, thrown, tools);
  }
  await succeed({ job }, result, tools);
}

/** Fails a job whose workflow failed, or lets it expire. */
export async function settleFailed<Result>(
  job: AttemptedJob,
  thrown: Error,
  tools: ExecutionEndTools<Result>,
): Promise<void> {
  const message = await startedMessage(tools.payloads, job);
  const error: JobError = jobErrorOf(thrown);
  await fail({ message, job }, error, tools, thrown instanceof JobExpiredError ? 'EXPIRED' : 'FAILED');
}

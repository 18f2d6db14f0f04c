import type { JobType } from '../contracts/job-type.ts';
import { heldSeconds, RUN_KINDS } from '../contracts/run-kinds.ts';
import { CANCELLED, cancellable } from './cancel.ts';
import { idempotencyKey } from './digests.ts';
import { openUpload } from './files.ts';
import { type Job, type JobLogger, STARTED } from './job-code.ts';
import { fieldText } from './json-text.ts';
import type { Files, JobStore } from './ports.ts';
import { throttledProgress } from './progress.ts';
import { checkedResult } from './result.ts';
import { within } from './retry.ts';
import type { Attempt } from './submission.ts';

/** What running a job's code needs. */
export interface RunTools<Input, Result> {
  jobType: JobType<Input, Result>;
  run(input: Input, job: Job): Promise<Result | typeof STARTED>;
  store: Pick<JobStore, 'recordProgress' | 'isCancelRequested'>;
  files: Files;
  loggerFor(job: Attempt['job']): JobLogger;
}

/**
 * Runs a job's code until it ends, its time is up or it has stopped because the job was cancelled.
 *
 * @returns its result, checked by the contract, or {@link STARTED}, or {@link CANCELLED}
 * @throws JobTimeoutError, PermanentJobError if the result does not fit, or what the code threw
 */
export async function runInTime<Input, Result>(
  { job, message }: Attempt,
  input: Input,
  { jobType, run, store, files, loggerFor }: RunTools<Input, Result>,
): Promise<unknown> {
  const progress = throttledProgress((latest) => store.recordProgress(job, latest));
  try {
    const runWith = (controller?: AbortController) =>
      within<unknown>(
        heldSeconds(jobType),
        (signal) =>
          run(input, {
            type: job.type,
            id: job.id,
            tenant: job.tenant,
            attempt: job.attempt,
            acceptedAt: job.acceptedAt,
            traceId: job.traceId,
            idempotencyKey: (step) => idempotencyKey(job, step),
            inputText: (field) => fieldText(message.body, field),
            open: (pointer) => openUpload(job, pointer, files),
            write: (name, contentType) => files.create(job, name, contentType),
            progress: progress.report,
            signal,
            logger: loggerFor(job),
          }),
        controller,
      );
    const canStop = RUN_KINDS[jobType.run].cancel === 'signal';
    const returned = await (canStop ? cancellable(() => store.isCancelRequested(job), runWith) : runWith());
    if (returned === STARTED || returned === CANCELLED) return returned;
    return checkedResult(jobType, returned);
  } finally {
    await progress.stop();
  }
}

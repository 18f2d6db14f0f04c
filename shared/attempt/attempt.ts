import { fit, type JobType } from '../contracts/job-type.ts';
import { laneOf } from '../contracts/lane.ts';
import { idempotencyKey } from './digests.ts';
import { jobErrorOf, PermanentJobError, VANISHED } from './errors.ts';
import type { JobLogger, Run } from './job.ts';
import { describeIssues, parse } from './parse.ts';
import type { Archive, Attempt, JobStore, LaneReturns, Message, Observer, StoredResult } from './ports.ts';
import { throttledProgress } from './progress.ts';
import { storedResult } from './result.ts';
import { afterThrow, within } from './retry.ts';
import { fail, refuse, release, succeed } from './settle.ts';

/** What handling a message needs. */
export interface AttemptTools<Input, Result> {
  jobType: JobType<Input, Result>;
  run: Run<Input, Result>;
  store: JobStore;
  archive: Archive;
  lane: LaneReturns;
  observer: Observer;
  loggerFor(job: Attempt['job']): JobLogger;
  now(): Date;
  random(): number;
}

/** What happens to a message after it was handled. */
export type Verdict =
  /** The message is handled and may be deleted. */
  | { kind: 'done' }
  /** The message must come again after some seconds. With a job id, it may be sent again for that job. */
  | { kind: 'again'; afterSeconds: number; jobId?: string }
  /** The job's last attempt vanished: it may only run last and alone. */
  | { kind: 'vanished' };

const DONE: Verdict = { kind: 'done' };

/**
 * Handles one message: parse, claim, run, settle. It throws only when the store, the archive or the lane cannot be
 * reached. The message then comes again when its visibility timeout ends.
 */
export async function attempt<Input, Result>(
  message: Message,
  evenIfVanished: boolean,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const { jobType, observer } = tools;
  const parsed = parse(message, jobType);
  if (parsed.kind === 'unowned') {
    observer.parked(message, parsed.reason, await tools.archive.park(message, parsed.reason));
    return DONE;
  }
  const { submission } = parsed;
  const attemptAt = (number: number): Attempt => ({ message, job: { ...submission, attempt: number } });
  if (parsed.kind === 'refused') {
    await refuse(attemptAt(0), parsed.error, tools);
    return DONE;
  }

  const now = tools.now();
  const leaseUntil = new Date(now.getTime() + laneOf(jobType).leaseSeconds * 1000);
  const { maxAttempts } = jobType;
  const claim = await tools.store.claim(submission, { now, leaseUntil, maxAttempts, evenIfVanished });
  switch (claim.kind) {
    case 'settled':
      observer.dropped(submission, `already ${claim.outcome}`);
      return DONE;
    case 'other-body':
      observer.dropped(submission, 'another body was submitted under this id before');
      return DONE;
    case 'owned':
      return { kind: 'again', afterSeconds: secondsUntil(claim.leaseUntil, now), jobId: submission.id };
    case 'vanished':
      return claim;
    case 'exhausted':
      await fail(attemptAt(claim.attempt), claim.error ?? VANISHED, tools);
      return DONE;
    case 'claimed': {
      const claimed = attemptAt(claim.attempt);
      observer.claimed(claimed.job, now.getTime() - submission.acceptedAt.getTime());
      return runClaimed(claimed, parsed.input, tools);
    }
  }
}

const secondsUntil = (time: Date, now: Date) => Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000));

async function runClaimed<Input, Result>(
  claimed: Attempt,
  input: Input,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  let result: StoredResult;
  try {
    result = await storedResult(await runInTime(claimed, input, tools), claimed.job, tools.archive);
  } catch (thrown) {
    return afterFailure(claimed, thrown, tools);
  }
  await succeed(claimed, result, tools);
  return DONE;
}

async function runInTime<Input, Result>(
  { job }: Attempt,
  input: Input,
  { jobType, run, store, loggerFor }: AttemptTools<Input, Result>,
): Promise<unknown> {
  const progress = throttledProgress((latest) => store.recordProgress(job, latest));
  try {
    const returned = await within(jobType.timeoutSeconds, (signal) =>
      run(input, {
        id: job.id,
        tenant: job.tenant,
        attempt: job.attempt,
        acceptedAt: job.acceptedAt,
        traceId: job.traceId,
        idempotencyKey: (step) => idempotencyKey(job, step),
        progress: progress.report,
        signal,
        logger: loggerFor(job),
      }),
    );
    const checked = fit(jobType.result, returned);
    if (checked.success) return checked.data;
    throw new PermanentJobError(
      'RESULT_REFUSED',
      `the job's result does not fit its contract: ${describeIssues(checked.error.issues)}`,
    );
  } finally {
    await progress.stop();
  }
}

async function afterFailure<Input, Result>(
  failed: Attempt,
  thrown: unknown,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const error = jobErrorOf(thrown);
  const next = afterThrow(thrown, failed.job.attempt, tools.jobType.maxAttempts, tools.random());
  if (next.kind === 'fail') {
    await fail(failed, error, tools);
    return DONE;
  }
  const released = await release(failed, error, next.afterSeconds, tools);
  return released ? { kind: 'again', afterSeconds: next.afterSeconds, jobId: failed.job.id } : DONE;
}

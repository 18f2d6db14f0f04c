import type { JobError } from '../contracts/job.ts';
import { fit, type JobType } from '../contracts/job-type.ts';
import { laneOf } from '../contracts/lane.ts';
import { jobErrorOf, PermanentJobError } from './errors.ts';
import type { Job, JobLogger, Run } from './job.ts';
import { describeIssues, parse } from './parse.ts';
import type { Archive, Delivery, Fence, JobStore, LaneReturns, Observer, StoredResult, Submission } from './ports.ts';
import { throttledProgress } from './progress.ts';
import { afterThrow, within } from './retry.ts';

/** What an attempt works with. */
export interface AttemptTools<Input, Result> {
  jobType: JobType<Input, Result>;
  run: Run<Input, Result>;
  store: JobStore;
  archive: Archive;
  lane: LaneReturns;
  observer: Observer;
  loggerFor(job: Submission, attempt: number): JobLogger;
  idempotencyKey(job: Submission, step: string): string;
  now(): Date;
  random(): number;
}

/** What becomes of a delivery. */
export type Verdict =
  /** The message has done its work and may be deleted. */
  | { kind: 'done' }
  /** The message must come again after so many seconds; with a job id it may be sent again under it. */
  | { kind: 'again'; afterSeconds: number; jobId?: string }
  /** Its last attempt vanished: it may only run last and alone. */
  | { kind: 'vanished' };

/** Results up to this many bytes stay in the row; a table item holds 400 KB and each KB of a write costs a unit. */
export const INLINE_RESULT_BYTES = 32 * 1024;

const DONE: Verdict = { kind: 'done' };

/**
 * Handles one delivery: parse, claim, run, settle (design section 6). Throws only when the store, the archive or the
 * lane cannot be reached; the message then comes again by its visibility timeout.
 */
export async function attempt<Input, Result>(
  delivery: Delivery,
  evenIfVanished: boolean,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const parsed = parse(delivery, tools.jobType);
  if (parsed.kind === 'stranger') {
    const key = await tools.archive.park(delivery, parsed.reason);
    tools.observer.parked(delivery, parsed.reason, key);
    return DONE;
  }
  const { submission } = parsed;
  if (parsed.kind === 'refused') return refuse(delivery, submission, parsed.error, tools);

  const now = tools.now();
  const leaseUntil = new Date(now.getTime() + laneOf(tools.jobType).leaseSeconds * 1000);
  const { maxAttempts } = tools.jobType;
  const claim = await tools.store.claim(submission, { now, leaseUntil, maxAttempts, evenIfVanished });
  switch (claim.kind) {
    case 'settled':
      tools.observer.dropped(submission, `already ${claim.outcome}`);
      return DONE;
    case 'owned':
      return { kind: 'again', afterSeconds: secondsUntil(claim.leaseUntil, now), jobId: submission.id };
    case 'vanished':
      return claim;
    case 'exhausted':
      return fail(delivery, submission, claim.attempt, claim.error ?? VANISHED, tools);
    case 'claimed':
      tools.observer.claimed(submission, claim.attempt, now.getTime() - submission.acceptedAt.getTime());
      return runClaimed(delivery, submission, parsed.input, claim.attempt, tools);
  }
}

/** Why a job failed whose attempts all ended without a word. */
export const VANISHED: JobError = {
  code: 'ATTEMPT_VANISHED',
  message: 'the last attempt ended without an answer: it crashed, ran out of memory or blocked its process',
};

const secondsUntil = (time: Date, now: Date) => Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000));

async function runClaimed<Input, Result>(
  delivery: Delivery,
  submission: Submission,
  input: Input,
  attemptNumber: number,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const fence: Fence = { ...submission, attempt: attemptNumber };
  let result: StoredResult;
  try {
    const returned = await runInTime(input, submission, attemptNumber, tools);
    result = await storedResult(returned, fence, tools);
  } catch (thrown) {
    return afterFailure(delivery, submission, attemptNumber, thrown, tools);
  }
  const now = tools.now();
  const settled = await tools.store.settle(fence, { outcome: 'SUCCEEDED', result, now });
  noteSettled(settled, submission, attemptNumber, 'SUCCEEDED', tools);
  return DONE;
}

async function runInTime<Input, Result>(
  input: Input,
  submission: Submission,
  attemptNumber: number,
  tools: AttemptTools<Input, Result>,
): Promise<unknown> {
  const { jobType, run, store } = tools;
  const progress = throttledProgress((latest) =>
    store.recordProgress({ ...submission, attempt: attemptNumber }, latest),
  );
  try {
    const returned = await within(jobType.timeoutSeconds, (signal) => {
      const job: Job = {
        id: submission.id,
        tenant: submission.tenant,
        attempt: attemptNumber,
        acceptedAt: submission.acceptedAt,
        traceId: submission.traceId,
        idempotencyKey: (step) => tools.idempotencyKey(submission, step),
        progress: progress.report,
        signal,
        logger: tools.loggerFor(submission, attemptNumber),
      };
      return run(input, job);
    });
    const checked = fit(jobType.result, returned);
    if (checked.success) return checked.data;
    throw new PermanentJobError(
      'RESULT_REFUSED',
      `the job returned what its contract refuses: ${describeIssues(checked.error.issues)}`,
    );
  } finally {
    await progress.stop();
  }
}

async function storedResult<Input, Result>(
  result: unknown,
  fence: Fence,
  { archive }: AttemptTools<Input, Result>,
): Promise<StoredResult> {
  const json = JSON.stringify(result) ?? 'null';
  const bytes = Buffer.byteLength(json);
  return bytes <= INLINE_RESULT_BYTES ? { json } : { key: await archive.keepResult(fence, json), bytes };
}

async function afterFailure<Input, Result>(
  delivery: Delivery,
  submission: Submission,
  attemptNumber: number,
  thrown: unknown,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const error = jobErrorOf(thrown);
  const next = afterThrow(thrown, attemptNumber, tools.jobType.maxAttempts, tools.random());
  if (next.kind === 'fail') return fail(delivery, submission, attemptNumber, error, tools);
  const released = await tools.store.release({ ...submission, attempt: attemptNumber }, { error, now: tools.now() });
  if (!released) {
    tools.observer.dropped(submission, 'a newer attempt owns the job');
    return DONE;
  }
  tools.observer.retrying(submission, attemptNumber, error, next.afterSeconds);
  return { kind: 'again', afterSeconds: next.afterSeconds, jobId: submission.id };
}

/** The archive comes first: a settled job's message is dropped, so what was not archived by then never would be. */
async function fail<Input, Result>(
  delivery: Delivery,
  submission: Submission,
  attemptNumber: number,
  error: JobError,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const archiveKey = await tools.archive.keepFailed(delivery, submission, error);
  const fence = { ...submission, attempt: attemptNumber };
  const settled = await tools.store.settle(fence, { outcome: 'FAILED', error, archiveKey, now: tools.now() });
  noteSettled(settled, submission, attemptNumber, 'FAILED', tools);
  return DONE;
}

async function refuse<Input, Result>(
  delivery: Delivery,
  submission: Submission,
  error: JobError,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const archiveKey = await tools.archive.keepFailed(delivery, submission, error);
  const settled = await tools.store.refuse(submission, { outcome: 'FAILED', error, archiveKey, now: tools.now() });
  noteSettled(settled, submission, 0, 'FAILED', tools);
  return DONE;
}

function noteSettled<Input, Result>(
  settled: boolean,
  submission: Submission,
  attemptNumber: number,
  outcome: 'SUCCEEDED' | 'FAILED',
  { observer, now }: AttemptTools<Input, Result>,
) {
  if (settled) observer.settled(submission, attemptNumber, outcome, now().getTime() - submission.acceptedAt.getTime());
  else observer.dropped(submission, 'the job was settled or claimed by someone else meanwhile');
}

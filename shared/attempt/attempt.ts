import { fit, type JobType } from '../contracts/job-type.ts';
import { laneOf } from '../contracts/lane.ts';
import { jobErrorOf, PermanentJobError, VANISHED } from './errors.ts';
import type { Job, JobLogger, Run } from './job.ts';
import { describeIssues, parse } from './parse.ts';
import type { Archive, JobStore, LaneReturns, Message, Observer, StoredResult, Submission } from './ports.ts';
import { throttledProgress } from './progress.ts';
import { storedResult } from './result.ts';
import { afterThrow, within } from './retry.ts';
import { fail, refuse, succeed } from './settle.ts';

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

/** What becomes of a message. */
export type Verdict =
  /** The message has done its work and may be deleted. */
  | { kind: 'done' }
  /** The message must come again after so many seconds; with a job id it may be sent again under it. */
  | { kind: 'again'; afterSeconds: number; jobId?: string }
  /** Its last attempt vanished: it may only run last and alone. */
  | { kind: 'vanished' };

const DONE: Verdict = { kind: 'done' };

/**
 * Handles one message: parse, claim, run, settle (design section 6). Throws only when the store, the archive or the
 * lane cannot be reached; the message then comes again by its visibility timeout.
 */
export async function attempt<Input, Result>(
  message: Message,
  evenIfVanished: boolean,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const parsed = parse(message, tools.jobType);
  if (parsed.kind === 'unowned') {
    const key = await tools.archive.park(message, parsed.reason);
    tools.observer.parked(message, parsed.reason, key);
    return DONE;
  }
  const { submission } = parsed;
  if (parsed.kind === 'refused') {
    return done(await refuse(message, submission, parsed.error, tools), submission, tools);
  }

  const now = tools.now();
  const leaseUntil = new Date(now.getTime() + laneOf(tools.jobType).leaseSeconds * 1000);
  const { maxAttempts } = tools.jobType;
  const claim = await tools.store.claim(submission, { now, leaseUntil, maxAttempts, evenIfVanished });
  switch (claim.kind) {
    case 'settled':
      tools.observer.dropped(submission, `already ${claim.outcome}`);
      return DONE;
    case 'other-body':
      tools.observer.dropped(submission, 'another body was submitted under this id before');
      return DONE;
    case 'owned':
      return { kind: 'again', afterSeconds: secondsUntil(claim.leaseUntil, now), jobId: submission.id };
    case 'vanished':
      return claim;
    case 'exhausted':
      return done(await fail(message, submission, claim.attempt, claim.error ?? VANISHED, tools), submission, tools);
    case 'claimed':
      tools.observer.claimed(submission, claim.attempt, now.getTime() - submission.acceptedAt.getTime());
      return runClaimed(message, submission, parsed.input, claim.attempt, tools);
  }
}

/** The message has done its work, also where somebody else's answer counts. */
function done(settled: boolean, submission: Submission, { observer }: { observer: Observer }): Verdict {
  if (!settled) observer.dropped(submission, 'the job was settled or claimed by someone else meanwhile');
  return DONE;
}

const secondsUntil = (time: Date, now: Date) => Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000));

async function runClaimed<Input, Result>(
  message: Message,
  submission: Submission,
  input: Input,
  attemptNumber: number,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  let result: StoredResult;
  try {
    const returned = await runInTime(input, submission, attemptNumber, tools);
    result = await storedResult(returned, { ...submission, attempt: attemptNumber }, tools.archive);
  } catch (thrown) {
    return afterFailure(message, submission, attemptNumber, thrown, tools);
  }
  return done(await succeed(submission, attemptNumber, result, tools), submission, tools);
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

async function afterFailure<Input, Result>(
  message: Message,
  submission: Submission,
  attemptNumber: number,
  thrown: unknown,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const error = jobErrorOf(thrown);
  const next = afterThrow(thrown, attemptNumber, tools.jobType.maxAttempts, tools.random());
  if (next.kind === 'fail') {
    return done(await fail(message, submission, attemptNumber, error, tools), submission, tools);
  }
  const released = await tools.store.release({ ...submission, attempt: attemptNumber }, { error, now: tools.now() });
  if (!released) {
    tools.observer.dropped(submission, 'a newer attempt owns the job');
    return DONE;
  }
  tools.observer.retrying(submission, attemptNumber, error, next.afterSeconds);
  return { kind: 'again', afterSeconds: next.afterSeconds, jobId: submission.id };
}

import type { JobError } from '../contracts/job.ts';
import type { JobType } from '../contracts/job-type.ts';
import { laneOf, stopsKeys } from '../contracts/lane.ts';
import { goesOnAlone } from '../contracts/run-kinds.ts';
import { searchTermsOf } from '../contracts/search-keys.ts';
import { UPLOAD } from '../contracts/upload.ts';
import { type BlockTools, blockedBy, hold } from './block.ts';
import { CANCELLED } from './cancellation.ts';
import type { ClaimAnswer, Untold } from './claim.ts';
import { dropConflict } from './conflict.ts';
import { jobErrorOf, PermanentJobError, VANISHED } from './errors.ts';
import { type Job, type JobLogger, STARTED } from './job-code.ts';
import { firstLook } from './looks.ts';
import type { Message } from './message.ts';
import { park } from './park.ts';
import { inLaneSince, type Parsed, parse, readSubmission } from './parse.ts';
import type { Archive, Files, JobStore, LaneReturns, Observer } from './ports.ts';
import { storedResult } from './result.ts';
import { afterThrow } from './retry.ts';
import { runInTime } from './run-in-time.ts';
import { isEarly, isSkewed, type ScheduleTools, schedule } from './schedule.ts';
import { cancel, expire, fail, refuse, release, succeed } from './settle.ts';
import type { StoredResult } from './settlement.ts';
import type { Attempt, AttemptedJob, ScheduledSubmission, Submission } from './submission.ts';
import type { Verdict } from './verdict.ts';

/** What handling a message needs. */
export interface AttemptTools<Input, Result> extends ScheduleTools {
  jobType: JobType<Input, Result>;
  /** A {@link Run}, or a {@link Start} if the job type's kind of run only starts its jobs. */
  run(input: Input, job: Job): Promise<Result | typeof STARTED>;
  /** Only for job types whose jobs are started and go on without their consumer. */
  goesOn?: GoingOn;
  store: JobStore;
  archive: Archive;
  files: Files;
  lane: LaneReturns;
  observer: Observer;
  loggerFor(job: Attempt['job']): JobLogger;
  now(): Date;
  random(): number;
}

/** What is done about jobs that go on without their consumer. */
export interface GoingOn {
  /** Looks at one: settles it if it has ended unseen, and tells its workflow what it may have missed. */
  look(job: AttemptedJob, untold: Untold | undefined): Promise<void>;
  /** When the first look is due, in seconds after the start. */
  firstLookSeconds: number;
}

const DONE: Verdict = { kind: 'done' };
const OVERTAKEN: Verdict = { kind: 'overtaken' };

/**
 * From this receive on, a message whose job was never attempted may be what kills its consumer before the claim. The first
 * receive is normal, and the second follows a deploy or a throttled batch. SQS draws the same line: it leaves messages
 * out of the age of a lane's oldest message after three receives
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 */
const SUSPECT_RECEIVES = 3;

/**
 * Handles one message: parse, claim, run, settle. It throws only when the store, the archive, the lane or what a job is
 * started with cannot be reached. The message then comes again when its visibility timeout ends.
 *
 * A message that was received often is claimed before it is parsed. If parsing it is what kills the consumer, this costs
 * the job its attempts, and it fails like any job that crashes.
 *
 * @param alone whether no other job of the batch can be lost if this one crashes
 */
export async function attempt<Input, Result>(
  message: Message,
  alone: { evenIfVanished: boolean; evenIfSuspect: boolean },
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const { jobType, observer } = tools;
  const read = readSubmission(message, jobType.name);
  if (typeof read === 'string') {
    await park(message, read, { type: jobType.name }, tools);
    return DONE;
  }
  const searchTerms = searchTermsOf(message.body, jobType);
  const submission: Submission = { ...read, ...(searchTerms && { searchTerms }) };
  const attemptAt = (number: number): Attempt => ({
    message,
    job: { ...submission, attempt: number },
    attemptsBefore: 0,
  });
  const suspect = message.receiveCount >= SUSPECT_RECEIVES;
  const early = suspect ? undefined : parse(message, submission, jobType);
  // a job that has a row may have a running attempt: the claim finds out
  if (early?.kind === 'refused' && (await refuse(attemptAt(0), early.error, withBlock(attemptAt(0), tools)))) {
    return afterFailed(attemptAt(0), tools);
  }

  const now = tools.now();
  if (isEarly(submission, now)) {
    await keepUploads(early, submission, tools);
    return wait(message, submission, now, tools);
  }
  if (isLate(submission, now) && (await expire(attemptAt(0), tools))) return DONE;
  const leaseUntil = new Date(now.getTime() + laneOf(jobType).leaseSeconds * 1000);
  const claim = await tools.store.claim(submission, {
    now,
    leaseUntil,
    maxAttempts: jobType.maxAttempts,
    evenIfVanished: alone.evenIfVanished,
    evenIfNew: !suspect || alone.evenIfSuspect,
    resumes: goesOnAlone(jobType),
  });
  switch (claim.kind) {
    case 'settled':
      return settledBefore(message, submission, claim, tools);
    case 'other-body':
      await dropConflict(message, submission, tools);
      return DONE;
    case 'scheduled':
      observer.dropped(submission, 'it waits for its time in the table');
      return DONE;
    case 'started':
      // a duplicate, or a message that was sent for this
      await tools.goesOn?.look({ ...submission, acceptedAt: claim.acceptedAt, attempt: claim.attempt }, claim.untold);
      return DONE;
    case 'owned':
      return { kind: 'again', afterSeconds: secondsUntil(claim.leaseUntil, now), jobId: submission.id };
    case 'vanished':
      return { kind: 'vanished' };
    case 'new':
      return { kind: 'suspect' };
    case 'cancelled':
      return cancelVanished(
        { message, job: { ...submission, attempt: claim.attempt, acceptedAt: claim.acceptedAt }, attemptsBefore: 0 },
        tools,
      );
    case 'exhausted':
      return failed(attemptAt(claim.attempt), claim.error ?? VANISHED, tools);
    case 'claimed': {
      const { attempt, attemptsBefore, acceptedAt } = claim;
      const claimed: Attempt = { message, job: { ...submission, acceptedAt, attempt }, attemptsBefore };
      observer.claimed(claimed.job, now.getTime() - inLaneSince(submission).getTime());
      const parsed = early ?? parse(message, submission, jobType);
      if (parsed.kind === 'refused') return failed(claimed, parsed.error, tools);
      return runClaimed(claimed, parsed.input, tools);
    }
  }
}

/**
 * Cancels a job whose attempt vanished. If that may have started a workflow, it is looked for, and stopped; its end then
 * settles the job.
 */
const cancelVanished = async <Input, Result>(
  vanished: Attempt,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> => (tools.goesOn ? handOver(vanished, tools) : end(await cancel(vanished, tools)));

/** What happens to the message of a job that has its outcome. */
async function settledBefore<Input, Result>(
  message: Message,
  job: Submission,
  { outcome, blocks }: Extract<ClaimAnswer, { kind: 'settled' }>,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  if (blocks) return hold(message, job, tools);
  tools.observer.dropped(job, `already ${outcome}`);
  return DONE;
}

/** A replayed job does not expire: its time to start is over long ago, and somebody still wants it. */
const isLate = ({ expiresAfter, replay }: Submission, now: Date) =>
  !replay && expiresAfter !== undefined && expiresAfter <= now;

/** Keeps the uploads of a job that waits: one that no job has opened expires before most of those jobs start. */
async function keepUploads<Input, Result>(
  parsed: Parsed<Input> | undefined,
  { tenant }: Submission,
  { jobType, files }: AttemptTools<Input, Result>,
): Promise<void> {
  if (parsed?.kind !== 'job') return;
  for (const field of jobType.uploads) {
    const pointer = (parsed.input as Record<string, unknown>)[field];
    // what is not there fails the job when it starts
    if (typeof pointer === 'string' && UPLOAD.test(pointer)) await files.open(tenant, pointer);
  }
}

/** Lets a job wait that may not start yet. */
async function wait<Input, Result>(
  message: Message,
  job: ScheduledSubmission,
  now: Date,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const answer = await schedule(message, job, now, tools);
  switch (answer.kind) {
    case 'scheduled':
      // it may come from the row, which does not say yet that it was sent: dropped here, it would be lost
      return isSkewed(job, now) ? { kind: 'again', afterSeconds: secondsUntil(job.runAfter, now) } : DONE;
    case 'settled':
      tools.observer.dropped(job, `already ${answer.outcome}`);
      return DONE;
    case 'other-body':
      await dropConflict(message, job, tools);
      return DONE;
    case 'entered':
      // the clock here may be behind that of the function that sent this message into the lane
      if (answer.runAfter?.getTime() === job.runAfter.getTime()) {
        return { kind: 'again', afterSeconds: secondsUntil(job.runAfter, now) };
      }
      tools.observer.dropped(job, 'it was scheduled before, and its time was moved');
      return DONE;
  }
}

/** @param settled whether this attempt settled the job */
const end = (settled: boolean): Verdict => (settled ? DONE : OVERTAKEN);

/** Fails a job. */
async function failed<Input, Result>(
  attempted: Attempt,
  error: JobError,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  return (await fail(attempted, error, withBlock(attempted, tools))) ? afterFailed(attempted, tools) : OVERTAKEN;
}

/** The tools to fail a job with, which then stops its order key if its lane says so. */
const withBlock = <Tools extends Pick<BlockTools, 'jobType'>>({ message, job }: Attempt, tools: Tools) => ({
  ...tools,
  blocks: blockedBy(message, job, tools),
});

/** What happens to the message of a job that has failed, or was cancelled while it did. */
const afterFailed = async <Input, Result>(
  { message, job }: Attempt,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> => (stopsKeys(tools.jobType) ? hold(message, job, tools) : DONE);

const secondsUntil = (time: Date, now: Date) => Math.max(1, Math.ceil((time.getTime() - now.getTime()) / 1000));

async function runClaimed<Input, Result>(
  claimed: Attempt,
  input: Input,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  let result: StoredResult;
  try {
    // its message is deleted when it is started, and its workflow may fail at any time after that
    if (goesOnAlone(tools.jobType)) await tools.archive.keepStarted(claimed.message, claimed.job);
    const returned = await runInTime(claimed, input, tools);
    if (returned === STARTED) return await handOver(claimed, tools);
    if (returned === CANCELLED) return end(await cancel(claimed, tools));
    result = await storedResult(returned, claimed.job, tools.archive);
  } catch (thrown) {
    // the attempt was not made as long as it was not started
    if (goesOnAlone(tools.jobType) && !(thrown instanceof PermanentJobError)) throw thrown;
    return afterFailure(claimed, thrown, tools);
  }
  return end(await succeed(claimed, result, tools));
}

/**
 * Ends the consumer's part in a job that goes on without it. If the job was settled in the meantime, that was by its
 * workflow, which has already ended.
 */
async function handOver<Input, Result>(
  { job }: Attempt,
  { store, goesOn, due, now }: AttemptTools<Input, Result>,
): Promise<Verdict> {
  if (!goesOn) throw new Error(`jobs of type ${job.type} cannot go on without their consumer`);
  const at = now();
  const look = { at: firstLook(at, goesOn.firstLookSeconds), now: at };
  const handedOver = await store.handOver(job, look);
  if (handedOver?.soon) await due.send(handedOver.soon.reference, handedOver.soon.at);
  if (handedOver?.untold) await goesOn.look(job, handedOver.untold);
  return DONE;
}

async function afterFailure<Input, Result>(
  attempted: Attempt,
  thrown: unknown,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const error = jobErrorOf(thrown);
  const attempts = attempted.job.attempt - attempted.attemptsBefore;
  const next = afterThrow(thrown, attempts, tools.jobType.maxAttempts, tools.random());
  if (next.kind === 'fail') return failed(attempted, error, tools);
  const released = await release(attempted, error, next.afterSeconds, tools);
  if (released) return { kind: 'again', afterSeconds: next.afterSeconds, jobId: attempted.job.id };
  return end(await cancel(attempted, tools));
}

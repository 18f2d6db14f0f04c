import { laneOf } from '../contracts/lane.ts';
import { goesOnAlone } from '../contracts/run-kinds.ts';
import { searchTermsOf } from '../contracts/search-keys.ts';
import { secondsAfter } from '../contracts/times.ts';
import type { AttemptTools } from './attempt-tools.ts';
import { hold } from './block.ts';
import type { ClaimAnswer } from './claim.ts';
import { dropConflict } from './conflict.ts';
import { cancelVanished } from './durable.ts';
import { VANISHED } from './errors.ts';
import { failed, refused } from './failing.ts';
import { isLate, keptInRow, wait } from './later.ts';
import type { Message } from './message.ts';
import { park } from './park.ts';
import { inLaneSince, parse, readSubmission } from './parse.ts';
import { runClaimed } from './run-claimed.ts';
import { isEarly } from './schedule.ts';
import { expire } from './settle.ts';
import type { Attempt, Submission } from './submission.ts';
import { DONE, secondsUntil, type Verdict } from './verdict.ts';

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
  const attemptAt = (number: number, acceptedAt = submission.acceptedAt): Attempt => ({
    message,
    job: { ...submission, acceptedAt, attempt: number },
    attemptsBefore: 0,
  });
  const suspect = message.receiveCount >= SUSPECT_RECEIVES;
  const early = suspect ? undefined : parse(message, submission, jobType);
  if (early?.kind === 'refused') {
    // a job that has a row may have a running attempt: the claim finds out
    const verdict = await refused(attemptAt(0), early.error, tools);
    if (verdict) return verdict;
  }

  const now = tools.now();
  if (isEarly(submission, now)) return wait(message, submission, early, now, tools);
  if (isLate(submission, now) && (await expire(attemptAt(0), tools))) return DONE;
  const leaseUntil = secondsAfter(now, laneOf(jobType).leaseSeconds);
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
      return keptInRow(claim.runAfter, tools.now());
    case 'started':
      // a duplicate, or a message that was sent for this
      await tools.goesOn?.look(attemptAt(claim.attempt, claim.acceptedAt).job, claim.state);
      return DONE;
    case 'owned':
      return { kind: 'again', afterSeconds: secondsUntil(claim.leaseUntil, now), jobId: submission.id };
    case 'vanished':
      return { kind: 'vanished' };
    case 'new':
      return { kind: 'suspect' };
    case 'cancelled':
      return cancelVanished(attemptAt(claim.attempt, claim.acceptedAt), tools);
    case 'exhausted':
      return failed(attemptAt(claim.attempt), claim.error ?? VANISHED, tools);
    case 'claimed': {
      const claimed = { ...attemptAt(claim.attempt, claim.acceptedAt), attemptsBefore: claim.attemptsBefore };
      observer.claimed(claimed.job, now.getTime() - inLaneSince(submission).getTime());
      const parsed = early ?? parse(message, submission, jobType);
      if (parsed.kind === 'refused') return failed(claimed, parsed.error, tools);
      return runClaimed(claimed, parsed.input, tools);
    }
  }
}

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

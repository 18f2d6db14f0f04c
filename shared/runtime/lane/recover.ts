import { dropConflict } from '../../attempt/conflict.ts';
import { NEVER_STARTED, VANISHED } from '../../attempt/errors.ts';
import type { Message } from '../../attempt/message.ts';
import { park } from '../../attempt/park.ts';
import { inLaneSince, readSubmission } from '../../attempt/parse.ts';
import type { Archive, JobStore, Observer } from '../../attempt/ports.ts';
import { fail } from '../../attempt/settle.ts';
import type { Submission } from '../../attempt/submission.ts';
import { isSettled } from '../../contracts/job.ts';
import { RETURN_SECONDS } from '../../contracts/lane.ts';
import { isOtherBody } from '../../job-store/conflicts.ts';
import type { jobReads } from '../../job-store/reads.ts';
import { opensNext } from '../../job-store/replays.ts';
import { goesOnWithoutConsumer, type JobRow } from '../../job-store/row.ts';
import { type Resend, UnsendableError } from './returns.ts';

export interface RecoveryTools {
  reads: Pick<ReturnType<typeof jobReads>, 'get'>;
  store: Pick<JobStore, 'settle' | 'recordConflict' | 'recordParked' | 'unblock'>;
  archive: Archive;
  observer: Observer;
  returnToLane(again: Resend): Promise<void>;
  now(): Date;
}

/**
 * The delay of a return to a standard lane. Most messages have been in the lane for hours before, so it only limits how
 * often a message returns that the lane gives up on at once: every minute for 13 days is 18,720 times, which costs a cent.
 */
const RETURN_DELAY_SECONDS = 60;

/**
 * Handles a message that its lane gave up on. If its job has an outcome, there is nothing to do. Otherwise the message
 * goes back to its lane, whatever happened to the job before: falling out of a lane costs no job an attempt. Whether the
 * job has attempts left is decided only by its next claim.
 *
 * When the job has been in its lane for too long, it settles FAILED if it has a row; if not, its message is parked.
 *
 * @returns 0 if the message may be deleted, else the seconds until it should be handled again
 */
export async function recover(message: Message, type: string, tools: RecoveryTools): Promise<number> {
  const submission = readSubmission(message, type);
  if (typeof submission === 'string') {
    await park(message, submission, { type }, tools);
    return 0;
  }
  const row = await tools.reads.get(submission);
  if (row && isOtherBody(row, submission.bodyDigest)) {
    await dropConflict(message, submission, tools);
    return 0;
  }
  if (row && isSettled(row.status) && !opensNext(row, submission.replay)) {
    return dropSettled(submission, row, tools);
  }
  if (row?.status === 'SCHEDULED') {
    tools.observer.dropped(submission, 'its message waits in its row, and comes from there');
    return 0;
  }
  if (row && goesOnWithoutConsumer(row)) {
    // the hand-over put the job into the due index, which has it looked at until it has an outcome, and the payload bucket has
    // its message for that. Back in its lane, this one would only cost a look
    tools.observer.dropped(submission, 'its workflow was started before');
    return 0;
  }
  const nowMs = tools.now().getTime();
  if (row?.leaseUntil && row.leaseUntil >= nowMs) {
    return Math.ceil((row.leaseUntil - nowMs) / 1000) + 1;
  }
  const days = RETURN_SECONDS / 86_400;
  if (nowMs - inLaneSince(submission).getTime() > RETURN_SECONDS * 1000) {
    return giveUp(message, submission, row, `it has been in its lane for more than ${days} days`, tools);
  }
  try {
    await tools.returnToLane({ jobId: submission.id, delaySeconds: RETURN_DELAY_SECONDS });
    return 0;
  } catch (error) {
    if (!(error instanceof UnsendableError)) throw error;
    // in the DLQ it would be tried for 14 days and then be lost
    return giveUp(message, submission, row, `it cannot go back to its lane: ${error.message}`, tools);
  }
}

/** Drops the message of a settled job. Without it, nothing holds back the later messages of an order key. */
async function dropSettled(
  submission: Submission,
  { status, blockedKey }: JobRow,
  { store, observer }: RecoveryTools,
): Promise<number> {
  if (blockedKey !== undefined && (await store.unblock(submission))) {
    observer.ranOn(submission, 'its lane gave up on its message');
  }
  observer.dropped(submission, `already ${status}`);
  return 0;
}

/** Fails a job with its last error. A job that no consumer has seen has no row to fail, so it is parked. */
async function giveUp(
  message: Message,
  submission: Submission,
  row: JobRow | undefined,
  reason: string,
  tools: RecoveryTools,
): Promise<number> {
  // the failure that it replays is there to be replayed again
  if (row && isSettled(row.status)) {
    tools.observer.dropped(submission, `still ${row.status}: ${reason}`);
    return 0;
  }
  if (!row) {
    await park(message, reason, submission, tools);
    return 0;
  }
  const vanished = row.attempt === (row.attemptsBefore ?? 0) ? NEVER_STARTED : VANISHED;
  const error = row.status === 'QUEUED' && row.error ? row.error : vanished;
  return (await fail({ message, job: { ...submission, attempt: row.attempt } }, error, tools)) ? 0 : 1;
}

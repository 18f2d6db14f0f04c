import { VANISHED } from '../../attempt/errors.ts';
import { readSubmission } from '../../attempt/parse.ts';
import type { Archive, JobStore, Message, Observer, Submission } from '../../attempt/ports.ts';
import { LONGEST_WAIT_SECONDS } from '../../attempt/retry.ts';
import { fail } from '../../attempt/settle.ts';
import { isSettled } from '../../contracts/job.ts';
import { MAX_RETURNS } from '../../contracts/lane.ts';
import type { jobReads } from '../../job-store/reads.ts';
import type { JobRow } from '../../job-store/row.ts';
import { type Resend, UnsendableError } from './returns.ts';

export interface RecoveryTools {
  reads: Pick<ReturnType<typeof jobReads>, 'get'>;
  store: Pick<JobStore, 'settle'>;
  archive: Archive;
  observer: Observer;
  returnToLane(again: Resend): Promise<void>;
  now(): Date;
}

/** The delay of the first return. It doubles with each return. */
const FIRST_RETURN_SECONDS = 60;

/**
 * Handles a message that its lane gave up on. If its job was never attempted, the message goes back to its lane up to
 * five times, and is then parked. If the job was attempted, it settles FAILED. If the job has an outcome, there is
 * nothing to do.
 *
 * @returns 0 if the message may be deleted, else the seconds until it should be handled again
 */
export async function recover(message: Message, type: string, tools: RecoveryTools): Promise<number> {
  const submission = readSubmission(message, type);
  if (typeof submission === 'string') return park(message, submission, tools);
  const row = await tools.reads.get(submission);
  if (row && isSettled(row.status)) {
    tools.observer.dropped(submission, `already ${row.status}`);
    return 0;
  }
  if (row && row.bodyDigest !== submission.bodyDigest) {
    tools.observer.dropped(submission, 'another body was submitted under this id before');
    return 0;
  }
  if (row && row.attempt > 0) return failAttempted(message, submission, row, tools);
  return returnOrPark(message, submission, tools);
}

async function failAttempted(message: Message, submission: Submission, row: JobRow, tools: RecoveryTools) {
  const now = tools.now();
  if (row.status === 'RUNNING' && row.leaseUntil && row.leaseUntil >= now.getTime()) {
    return Math.ceil((row.leaseUntil - now.getTime()) / 1000) + 1;
  }
  const error = row.status === 'QUEUED' && row.error ? row.error : VANISHED;
  return (await fail({ message, job: { ...submission, attempt: row.attempt } }, error, tools)) ? 0 : 1;
}

async function returnOrPark(message: Message, submission: Submission, tools: RecoveryTools) {
  const returns = Number(message.attributes.returns ?? 0);
  if (!Number.isInteger(returns) || returns < 0 || returns >= MAX_RETURNS) {
    return park(message, `came back ${MAX_RETURNS} times from the DLQ without having been attempted`, tools);
  }
  const delaySeconds = Math.min(LONGEST_WAIT_SECONDS, FIRST_RETURN_SECONDS * 2 ** returns);
  const attributes = { returns: String(returns + 1) };
  try {
    await tools.returnToLane({ jobId: submission.id, delaySeconds, attributes });
  } catch (error) {
    if (!(error instanceof UnsendableError)) throw error;
    // in the DLQ it would be tried for 14 days and then be lost
    return park(message, `cannot go back to its lane: ${error.message}`, tools);
  }
  return 0;
}

async function park(message: Message, reason: string, { archive, observer }: RecoveryTools) {
  observer.parked(message, reason, await archive.park(message, reason));
  return 0;
}

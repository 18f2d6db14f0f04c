import type { ClaimAnswer, ClaimOptions, Untold } from '../attempt/claim.ts';
import type { Submission } from '../attempt/submission.ts';
import { isSettled } from '../contracts/job.ts';
import { isOtherBody } from './conflicts.ts';
import { cancelIn, changedAtOf, goesOnWithoutConsumer, type JobRow } from './row.ts';

/** See {@link JobRow.attemptsBefore}. */
export const attemptsBeforeOf = ({ attemptsBefore = 0 }: Partial<JobRow>) => attemptsBefore;

/** The answer to a claim that was written. @param row the row after it */
export const claimed = (row: Partial<JobRow>, job: Submission): ClaimAnswer => ({
  kind: 'claimed',
  attempt: row.attempt ?? 1,
  attemptsBefore: attemptsBeforeOf(row),
  acceptedAt: new Date(row.acceptedAt ?? job.acceptedAt),
});

/** What the workflow of a started job may have missed, according to its row. */
function untoldIn(row: JobRow): Untold | undefined {
  const { status, question, decided } = row;
  if (row.cancelRequestedAt || status !== 'RUNNING' || !question || !decided) return cancelIn(row);
  return { kind: 'decided', token: question.token, decision: decided };
}

/** The answer to a claim that could not be written, according to the row that it found. */
export function refusedClaim(
  row: JobRow,
  job: Submission,
  { now, maxAttempts, resumes, evenIfNew }: ClaimOptions,
): ClaimAnswer {
  if (isOtherBody(row, job.bodyDigest)) return { kind: 'other-body' };
  if (isSettled(row.status)) {
    return { kind: 'settled', outcome: row.status, ...(row.blockedKey !== undefined && { blocks: true }) };
  }
  const waiting = waitingIn(row, now);
  if (waiting) return waiting;
  if (row.attempt === attemptsBeforeOf(row) && !evenIfNew) return { kind: 'new' };
  const { leaseUntil, attempt } = row;
  const acceptedAt = new Date(row.acceptedAt);
  if (goesOnWithoutConsumer(row)) {
    return {
      kind: 'started',
      attempt,
      acceptedAt,
      state: { untold: untoldIn(row), changedAt: new Date(changedAtOf(row)) },
    };
  }
  if (leaseUntil !== undefined) {
    if (leaseUntil >= now.getTime()) return { kind: 'owned', leaseUntil: new Date(leaseUntil) };
    if (resumes && !row.cancelRequestedAt) return claimed(row, job);
  }
  if (row.cancelRequestedAt) return { kind: 'cancelled', attempt, acceptedAt };
  return exhausted(row, maxAttempts) ?? { kind: 'vanished', attempt };
}

/** The answer to a claim of a job that waits in its row for a later time; undefined if it does not. */
function waitingIn({ status, runAfter = '' }: JobRow, now: Date): ClaimAnswer | undefined {
  if (status !== 'SCHEDULED' || runAfter <= now.toISOString()) return undefined;
  return { kind: 'scheduled', runAfter: new Date(runAfter) };
}

/** The answer to a claim of a job whose attempts are used up; undefined if they are not. */
function exhausted(row: JobRow, maxAttempts: number): ClaimAnswer | undefined {
  if (row.attempt - attemptsBeforeOf(row) < maxAttempts) return undefined;
  return { kind: 'exhausted', attempt: row.attempt, error: row.status === 'QUEUED' ? row.error : undefined };
}

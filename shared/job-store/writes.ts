import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ClaimAnswer, ClaimOptions, Untold } from '../attempt/claim.ts';
import type { JobStore } from '../attempt/ports.ts';
import type { Settlement } from '../attempt/settlement.ts';
import type { Submission } from '../attempt/submission.ts';
import { isSettled } from '../contracts/job.ts';
import { blockWrites } from './blocks.ts';
import { isCancelRequested } from './cancels.ts';
import { ending, firstSeen } from './changes.ts';
import { isOtherBody, recordConflict } from './conflicts.ts';
import { DUE_ATTRIBUTES } from './keys.ts';
import { lookPlace } from './look-place.ts';
import { recordParked } from './parked.ts';
import { jobReplays, opensNext } from './replays.ts';
import { cancelIn, goesOnWithoutConsumer, type JobRow } from './row.ts';
import { entering, rowWriter } from './row-writer.ts';
import { scheduleWrites } from './schedule-writes.ts';

/** The writes of an attempt; see {@link JobStore}. Each is one conditional update of one row. */
export function jobWrites(dynamo: DynamoDBDocumentClient, table: string): JobStore {
  const write = rowWriter(dynamo, table);
  const replays = jobReplays(dynamo, table);

  /** Claims again if the row shows that the job was replayed. */
  async function refused(row: JobRow, job: Submission, options: ClaimOptions): Promise<ClaimAnswer> {
    if (opensNext(row, job.replay)) {
      // whoever sent the message has not written this yet
      await replays.reopen(job, row, options.now);
      return store.claim(job, options);
    }
    const attemptsBefore = attemptsBeforeOf(row);
    if (attemptsBefore !== (options.attemptsBefore ?? 0)) return store.claim(job, { ...options, attemptsBefore });
    return refusedClaim(row, job, options);
  }

  const store: JobStore = {
    async claim(job, options) {
      const { now, leaseUntil, maxAttempts, evenIfVanished, evenIfNew, attemptsBefore = 0 } = options;
      const state = entering('RUNNING', now);
      const first = firstSeen(job);
      const free = evenIfVanished ? '(#status = :queued OR leaseUntil < :now)' : '#status = :queued';
      const answer = await write(job, {
        set: [...state.set, ...first.set, 'attempt = if_not_exists(attempt, :zero) + :one', 'leaseUntil = :leaseUntil'],
        remove: ['progress', ...DUE_ATTRIBUTES],
        condition: `${evenIfNew ? 'attribute_not_exists(pk) OR ' : `${ATTEMPTED} AND `}(#bodyDigest = :bodyDigest AND attempt < :maxAttempts AND (#status IN (:queued, :status) AND ${free} OR #status = :scheduled AND runAfter <= :nowText)${NOT_CANCELLING})`,
        ...(first.names && { names: first.names }),
        values: {
          ...state.values,
          ...first.values,
          ':queued': 'QUEUED',
          ':scheduled': 'SCHEDULED',
          ':nowText': now.toISOString(),
          ':leaseUntil': leaseUntil.getTime(),
          ':maxAttempts': attemptsBefore + maxAttempts,
          ...(evenIfVanished && { ':now': now.getTime() }),
        },
        returns: 'ALL_NEW',
      });
      if (answer.written) return claimed(answer.row, job);
      if (!answer.row && evenIfNew) {
        throw new Error(`the claim of job ${job.id} failed, and DynamoDB did not return its row`);
      }
      if (!answer.row) return { kind: 'new' };
      return refused(answer.row, job, options);
    },

    async settle(fence, settlement) {
      const end = ending(fence, settlement);
      const answer = await write(fence, {
        set: [...end.set],
        remove: [
          'leaseUntil',
          'waitingFor',
          'question',
          ...DUE_ATTRIBUTES,
          ...('error' in settlement ? ['replayedAt'] : ['#error']),
        ],
        condition: `attempt = :attempt AND #status IN (:running, :waiting, :queued)${CANCELLING[settlement.outcome]}`,
        names: { ...end.names, '#error': 'error' },
        values: {
          ...end.values,
          ':attempt': fence.attempt,
          ':running': 'RUNNING',
          ':waiting': 'WAITING',
          ':queued': 'QUEUED',
        },
      });
      return answer.written;
    },

    async handOver(fence, look) {
      const { fields, soon } = lookPlace(fence, look);
      const answer = await write(fence, {
        set: fields.set,
        remove: ['leaseUntil'],
        condition: 'attempt = :attempt AND #status IN (:running, :waiting) AND attribute_exists(leaseUntil)',
        names: fields.names,
        values: { ...fields.values, ':attempt': fence.attempt, ':running': 'RUNNING', ':waiting': 'WAITING' },
        returns: 'ALL_NEW',
      });
      return answer.written ? { soon, untold: cancelIn(answer.row as JobRow) } : undefined;
    },

    async release(fence, { error, now }) {
      const state = entering('QUEUED', now);
      const answer = await write(fence, {
        set: [...state.set, '#error = :error'],
        remove: ['leaseUntil'],
        condition: `attempt = :attempt AND #status = :running${NOT_CANCELLING}`,
        names: { '#error': 'error' },
        values: { ...state.values, ':error': error, ':attempt': fence.attempt, ':running': 'RUNNING' },
      });
      return answer.written;
    },

    async refuse(job, settlement) {
      const end = ending(job, settlement);
      const first = firstSeen(job);
      const answer = await write(job, {
        set: [...end.set, ...first.set, 'attempt = :zero'],
        condition: 'attribute_not_exists(pk)',
        names: { ...end.names, ...first.names },
        values: { ...end.values, ...first.values },
      });
      return answer.written;
    },

    async recordProgress(fence, progress, direction) {
      const forward = direction === 'forward' ? ' AND (attribute_not_exists(progress) OR progress.done < :done)' : '';
      await write(fence, {
        set: ['progress = :progress', 'revision = revision + :one'],
        condition: `attempt = :attempt AND #status = :running${forward}`,
        values: {
          ':progress': progress,
          ':one': 1,
          ':attempt': fence.attempt,
          ':running': 'RUNNING',
          ...(forward && { ':done': progress.done }),
        },
      });
    },

    ...blockWrites(write),
    isCancelRequested: isCancelRequested(dynamo, table),
    recordConflict: recordConflict(dynamo, table),
    ...scheduleWrites(write),
    recordParked: recordParked(dynamo, table),
  };
  return store;
}

/** Whether the job was attempted since it was submitted or last replayed. */
const ATTEMPTED = '(attempt > attemptsBefore OR attribute_not_exists(attemptsBefore) AND attempt > :zero)';
const NOT_CANCELLING = ' AND attribute_not_exists(cancelRequestedAt)';
/** What an outcome asks of the row. A job that succeeds before its attempt sees that it was cancelled has succeeded. */
const CANCELLING: Record<Settlement['outcome'], string> = {
  SUCCEEDED: '',
  FAILED: NOT_CANCELLING,
  EXPIRED: NOT_CANCELLING,
  CANCELLED: ' AND attribute_exists(cancelRequestedAt)',
};

const attemptsBeforeOf = ({ attemptsBefore = 0 }: Partial<JobRow>) => attemptsBefore;

const claimed = (row: Partial<JobRow>, job: Submission): ClaimAnswer => ({
  kind: 'claimed',
  attempt: row.attempt ?? 1,
  attemptsBefore: attemptsBeforeOf(row),
  acceptedAt: new Date(row.acceptedAt ?? job.acceptedAt),
});

function untoldIn(row: JobRow): Untold | undefined {
  const { status, question } = row;
  if (row.cancelRequestedAt || status !== 'RUNNING' || !question?.decision) return cancelIn(row);
  return { kind: 'decided', token: question.token, decision: question.decision };
}

/** The answer to a claim that could not be written, according to the row that it found. */
function refusedClaim(
  row: JobRow,
  job: Submission,
  { now, maxAttempts, resumes, evenIfNew }: ClaimOptions,
): ClaimAnswer {
  if (isOtherBody(row, job.bodyDigest)) return { kind: 'other-body' };
  if (isSettled(row.status)) {
    return { kind: 'settled', outcome: row.status, ...(row.blockedKey !== undefined && { blocks: true }) };
  }
  if (isWaiting(row, now)) return { kind: 'scheduled' };
  if (row.attempt === attemptsBeforeOf(row) && !evenIfNew) return { kind: 'new' };
  const { leaseUntil, attempt } = row;
  const acceptedAt = new Date(row.acceptedAt);
  if (goesOnWithoutConsumer(row)) {
    return { kind: 'started', attempt, acceptedAt, untold: untoldIn(row) };
  }
  if (leaseUntil !== undefined) {
    if (leaseUntil >= now.getTime()) return { kind: 'owned', leaseUntil: new Date(leaseUntil) };
    if (resumes && !row.cancelRequestedAt) return claimed(row, job);
  }
  if (row.cancelRequestedAt) return { kind: 'cancelled', attempt, acceptedAt };
  return exhausted(row, maxAttempts) ?? { kind: 'vanished', attempt };
}

/** Whether a job waits in its row for a later time. */
const isWaiting = ({ status, runAfter = '' }: JobRow, now: Date) =>
  status === 'SCHEDULED' && runAfter > now.toISOString();

function exhausted(row: JobRow, maxAttempts: number): ClaimAnswer | undefined {
  if (row.attempt - attemptsBeforeOf(row) < maxAttempts) return undefined;
  return { kind: 'exhausted', attempt: row.attempt, error: row.status === 'QUEUED' ? row.error : undefined };
}

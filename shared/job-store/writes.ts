import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ClaimAnswer, ClaimOptions } from '../attempt/claim.ts';
import type { JobStore } from '../attempt/ports.ts';
import type { Settlement } from '../attempt/settlement.ts';
import type { Submission } from '../attempt/submission.ts';
import type { TransitionName } from '../contracts/transitions.ts';
import { blockWrites } from './blocks.ts';
import { isCancelRequested } from './cancels.ts';
import { ending, firstSeen } from './changes.ts';
import { attemptsBeforeOf, claimed, refusedClaim } from './claim-answer.ts';
import { recordConflict } from './conflicts.ts';
import { DUE_ATTRIBUTES } from './keys.ts';
import { lookPlace } from './look-place.ts';
import { recordParked } from './parked.ts';
import { jobReplays, opensNext } from './replays.ts';
import { cancelIn, changedAtOf, type JobRow } from './row.ts';
import { first, rowWriter, transition } from './row-writer.ts';
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
      const state = transition('claim', now);
      const again = transition('claim again', now);
      const seen = firstSeen(job);
      const fresh = evenIfNew ? `${first('claim', now).where} OR ` : `${ATTEMPTED} AND `;
      const free = `(${state.where} AND (#status <> :scheduled OR runAfter <= :nowText)${evenIfVanished ? ` OR ${again.where} AND leaseUntil < :now` : ''})`;
      const answer = await write(job, {
        set: [...state.set, ...seen.set, 'attempt = if_not_exists(attempt, :zero) + :one', 'leaseUntil = :leaseUntil'],
        remove: ['progress', ...DUE_ATTRIBUTES],
        condition: `${fresh}(#bodyDigest = :bodyDigest AND attempt < :maxAttempts AND ${free}${NOT_CANCELLING})`,
        ...(seen.names && { names: seen.names }),
        values: {
          ...state.values,
          ...state.from,
          ...seen.values,
          ':nowText': now.toISOString(),
          ':leaseUntil': leaseUntil.getTime(),
          ':maxAttempts': attemptsBefore + maxAttempts,
          ...(evenIfVanished && { ...again.from, ':now': now.getTime() }),
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
      const { name, cancelling } = SETTLES[settlement.outcome];
      const state = transition(name, settlement.now);
      const end = ending(fence, settlement, state);
      const answer = await write(fence, {
        set: end.set,
        remove: [
          'leaseUntil',
          'waitingFor',
          'question',
          ...DUE_ATTRIBUTES,
          ...('error' in settlement ? ['replayedAt'] : ['#error']),
        ],
        condition: `attempt = :attempt AND ${state.where}${cancelling}`,
        names: { ...end.names, '#error': 'error' },
        values: { ...end.values, ...state.from, ':attempt': fence.attempt },
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
      if (!answer.written) return undefined;
      const row = answer.row as JobRow;
      return { soon, state: { untold: cancelIn(row), changedAt: new Date(changedAtOf(row)) } };
    },

    async release(fence, { error, now }) {
      const state = transition('fail, to be tried again', now);
      const answer = await write(fence, {
        set: [...state.set, '#error = :error'],
        remove: ['leaseUntil'],
        condition: `attempt = :attempt AND ${state.where}${NOT_CANCELLING}`,
        names: { '#error': 'error' },
        values: { ...state.values, ...state.from, ':error': error, ':attempt': fence.attempt },
      });
      return answer.written;
    },

    async refuse(job, settlement) {
      const state = first('refuse', settlement.now);
      const end = ending(job, settlement, state);
      const seen = firstSeen(job);
      const answer = await write(job, {
        set: [...end.set, ...seen.set, 'attempt = :zero'],
        condition: state.where,
        names: { ...end.names, ...seen.names },
        values: { ...end.values, ...seen.values },
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
/**
 * The transition to an outcome, and what it asks of the row besides. A job that succeeds before its attempt sees that it was
 * cancelled has succeeded.
 */
const SETTLES: Record<Settlement['outcome'], { name: TransitionName; cancelling: string }> = {
  SUCCEEDED: { name: 'succeed', cancelling: '' },
  FAILED: { name: 'fail', cancelling: NOT_CANCELLING },
  EXPIRED: { name: 'expire', cancelling: NOT_CANCELLING },
  CANCELLED: { name: 'stop after a cancel', cancelling: ' AND attribute_exists(cancelRequestedAt)' },
};

import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { DueTime } from '../attempt/due-time.ts';
import type { JobStore } from '../attempt/ports.ts';
import { isSettled, type JobIdentity, type Outcome } from '../contracts/job.ts';
import { DUE_ATTRIBUTES, jobKey, listKeys } from './keys.ts';
import { lookPlace } from './look-place.ts';
import { goesOnWithoutConsumer, isUnderWay, type JobRow } from './row.ts';
import { type Change, first, rowWriter, setting, transition } from './row-writer.ts';

/** What is known of a job that no consumer has seen, from the Location of its submit and from the request that cancels it. */
export interface Unseen {
  acceptedAt: Date;
  /** Its own trace id is only in its message, so that of the request stands for it. */
  traceId: string;
}

/** When a job is cancelled, and when it is to be looked at if it goes on without its consumer. */
interface When {
  now: Date;
  lookAt: Date;
}

/** What became of a request to cancel a job. */
export type CancelAnswer =
  /** It is settled as CANCELLED. */
  | { kind: 'cancelled'; row: JobRow }
  /**
   * It is under way. It settles as CANCELLED when its attempt stops, unless the attempt succeeds before it sees the request.
   *
   * @param soon the reference that must be sent, if its workflow was started and the look at it is soon
   */
  | { kind: 'requested'; row: JobRow; soon: DueTime | undefined }
  /** It had its outcome before. */
  | { kind: 'settled'; outcome: Outcome }
  | { kind: 'unknown' };

/** Another write can come between any two of ours, but not this often. */
const TRIES = 5;

/** What a job loses when it is cancelled. */
const GONE = ['leaseUntil', 'waitingFor', 'question', '#error', ...DUE_ATTRIBUTES];

/** Cancels jobs. Each step is one conditional write, so a claim, a settle and a cancel exclude each other. */
export function jobCancels(dynamo: DynamoDBDocumentClient, table: string) {
  const write = rowWriter(dynamo, table);

  const ending = (state: Pick<Change, 'set' | 'values'>, now: Date) => ({
    set: [...state.set, 'settledAt = :at'],
    values: { ...state.values, ':at': now.toISOString() },
  });

  /** Settles a job that waits for an attempt. */
  function settle(job: JobIdentity, now: Date) {
    const state = transition('cancel', now);
    const end = ending(state, now);
    return write(job, {
      set: end.set,
      remove: GONE,
      condition: state.where,
      names: { '#error': 'error' },
      values: { ...end.values, ...state.from },
      returns: 'ALL_NEW',
    });
  }

  /** Writes the row of a job that no consumer has seen, so that its claim finds the outcome. */
  function settleUnseen(job: JobIdentity, { acceptedAt, traceId }: Unseen, now: Date) {
    const state = first('cancel', now);
    const end = ending(state, now);
    const { tenant, type, id: jobId } = job;
    const fields = { tenant, type, jobId, acceptedAt: acceptedAt.toISOString(), traceId, ...listKeys(job, acceptedAt) };
    const seen = setting({ ...fields, attempt: 0 });
    return write(job, {
      set: [...end.set, ...seen.set],
      condition: state.where,
      names: seen.names,
      values: { ...end.values, ...seen.values },
      returns: 'ALL_NEW',
    });
  }

  /**
   * Asks the attempt of a job that is under way to stop. A job that goes on without its consumer is to be looked at, in case
   * its workflow cannot be reached.
   */
  async function request(job: JobIdentity, before: JobRow, { now, lookAt }: When) {
    const look = goesOnWithoutConsumer(before) ? lookPlace(job, { at: lookAt, now }) : undefined;
    const lease = look ? 'attribute_not_exists(leaseUntil)' : 'attribute_exists(leaseUntil)';
    const { written, row } = await write(job, {
      set: ['cancelRequestedAt = :at', ...(look?.fields.set ?? [])],
      condition: `#status IN (:running, :waiting) AND ${lease} AND attribute_not_exists(cancelRequestedAt)`,
      ...(look && { names: look.fields.names }),
      values: { ...look?.fields.values, ':at': now.toISOString(), ':running': 'RUNNING', ':waiting': 'WAITING' },
      returns: 'ALL_NEW',
    });
    return written ? { row: row as JobRow, soon: look?.soon } : undefined;
  }

  const cancelled = (row: Partial<JobRow>): CancelAnswer => ({ kind: 'cancelled', row: row as JobRow });

  /** @returns undefined if another write came between two of ours */
  async function tryOnce(job: JobIdentity, when: When, unseen?: Unseen): Promise<CancelAnswer | undefined> {
    const { now } = when;
    const settled = await settle(job, now);
    if (settled.written) return cancelled(settled.row);
    if (settled.row) return askToStop(job, settled.row, when);
    if (!unseen) return { kind: 'unknown' };
    const tombstone = await settleUnseen(job, unseen, now);
    return tombstone.written ? cancelled(tombstone.row) : undefined;
  }

  /** The answer for a job whose attempt has begun. @returns as {@link tryOnce} */
  async function askToStop(job: JobIdentity, row: JobRow, when: When): Promise<CancelAnswer | undefined> {
    if (isSettled(row.status)) return { kind: 'settled', outcome: row.status };
    if (!isUnderWay(row.status)) return undefined;
    if (row.cancelRequestedAt) return { kind: 'requested', row, soon: undefined };
    const requested = await request(job, row, when);
    return requested && { kind: 'requested', ...requested };
  }

  /**
   * Cancels a job.
   *
   * @param unseen with it, a job without a row is cancelled, too
   */
  async function cancel(job: JobIdentity, when: When, unseen?: Unseen): Promise<CancelAnswer> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await tryOnce(job, when, unseen);
      if (answer) return answer;
    }
    throw new Error(`job ${job.id} changed ${TRIES} times while it was being cancelled`);
  }

  return { cancel };
}

/** See {@link JobStore}. The read is consistent, so that it sees every request that was answered before. */
export const isCancelRequested =
  (dynamo: DynamoDBDocumentClient, table: string): JobStore['isCancelRequested'] =>
  async (job) => {
    const { Item } = await dynamo.send(
      new GetCommand({
        TableName: table,
        Key: jobKey(job),
        ProjectionExpression: 'cancelRequestedAt',
        ConsistentRead: true,
      }),
    );
    return Item?.cancelRequestedAt !== undefined;
  };

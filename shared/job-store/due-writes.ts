import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DueTime } from '../attempt/due-time.ts';
import type { Ended } from '../attempt/settlement.ts';
import type { JobIdentity, JobStatus } from '../contracts/job.ts';
import { LONGEST_AHEAD_MS } from '../contracts/times.ts';
import type { TransitionName } from '../contracts/transitions.ts';
import { ending } from './changes.ts';
import { duePlace, tickFindsFrom } from './due-places.ts';
import type { DueRow } from './due-reads.ts';
import { DUE_ATTRIBUTES, dueKeys, jobKey } from './keys.ts';
import type { DueKind, JobRow } from './row.ts';
import { rowWriter, setting, transition } from './row-writer.ts';
import { scheduledUntil } from './schedule-writes.ts';

/** The answer to moving a job. */
export type MoveAnswer =
  /** @param soon the reference that must be sent, and when it falls due, unless the tick finds it */
  | { kind: 'moved'; soon: DueTime | undefined; row: JobRow }
  /** There is no such job, or no consumer has seen it yet. */
  | { kind: 'unknown' }
  | { kind: 'not-scheduled'; status: JobStatus }
  /** It would start after it expires. */
  | { kind: 'expires-before'; startBy: string }
  /** It would start longer after its acceptance than a job may wait. */
  | { kind: 'too-late'; latest: Date };

/** How a job ends that was never attempted. */
const UNSTARTED = {
  FAILED: 'fail to enter the lane',
  EXPIRED: 'expire unstarted',
} as const satisfies Record<Ended['outcome'], TransitionName>;

/** The writes of what falls due. Each holds only as long as the row has the place in the index at which it was found. */
export function dueWrites(dynamo: DynamoDBDocumentClient, table: string) {
  const write = rowWriter(dynamo, table);

  /**
   * Notes that a job's message was sent into its lane. A job with a deadline goes on to wait for that, and keeps its message.
   *
   * @returns false if the job was claimed, moved or settled in the meantime
   */
  async function enterLane(row: DueRow, now: Date): Promise<boolean> {
    const state = transition('enter the lane', now);
    const place = row.startBy && {
      ...dueKeys(row.pk, deadlineAt(row.startBy, now)),
      dueKind: 'deadline' satisfies DueKind,
    };
    const deadline = setting(place || {});
    const { written } = await write(identityOf(row), {
      set: [...state.set, ...deadline.set],
      remove: place ? [] : [...DUE_ATTRIBUTES],
      condition: `${state.where} AND dueSort = :found`,
      names: deadline.names,
      values: { ...state.values, ...state.from, ...deadline.values, ':found': row.dueSort },
    });
    return written;
  }

  /** Settles a job that was never attempted. @returns as {@link enterLane} */
  async function end(row: DueRow, settlement: Ended): Promise<boolean> {
    const state = transition(UNSTARTED[settlement.outcome], settlement.now);
    const end = ending(identityOf(row), settlement, state);
    const { written } = await write(identityOf(row), {
      set: end.set,
      remove: [...DUE_ATTRIBUTES],
      condition: `attempt = :zero AND ${state.where} AND dueSort = :found`,
      names: end.names,
      values: { ...end.values, ...state.from, ':found': row.dueSort },
    });
    return written;
  }

  /**
   * Moves a scheduled job to another time. Its message is read by the same rule as that of a submit, which counts from its
   * acceptance.
   */
  async function move(job: JobIdentity, runAfter: Date, now: Date): Promise<MoveAnswer> {
    const { pk } = jobKey(job);
    const { keys, soon } = duePlace(pk, runAfter, now);
    const fields = setting({ ...keys, runAfter: runAfter.toISOString(), ...scheduledUntil(runAfter) });
    const { written, row } = await write(job, {
      set: fields.set,
      condition:
        '#status = :scheduled AND (attribute_not_exists(startBy) OR startBy >= :runAfter) AND acceptedAt >= :earliest',
      names: fields.names,
      values: {
        ...fields.values,
        ':scheduled': 'SCHEDULED',
        ':earliest': new Date(runAfter.getTime() - LONGEST_AHEAD_MS).toISOString(),
      },
      returns: 'ALL_NEW',
    });
    if (written) {
      return { kind: 'moved', soon, row: row as JobRow };
    }
    if (!row?.status) return { kind: 'unknown' };
    if (row.status !== 'SCHEDULED') return { kind: 'not-scheduled', status: row.status };
    const latest = new Date(Date.parse(row.acceptedAt) + LONGEST_AHEAD_MS);
    if (runAfter > latest) return { kind: 'too-late', latest };
    return { kind: 'expires-before', startBy: row.startBy ?? '' };
  }

  /**
   * Notes that a look at a job that goes on without its consumer was asked for, and when the next one is due.
   *
   * @returns the reference that must be sent, if that is soon; also undefined if the job has another place in the index by now
   */
  async function lookAgain(row: DueRow, at: Date, now: Date): Promise<DueTime | undefined> {
    const { keys, soon } = duePlace(row.pk, at, now);
    const fields = setting(keys);
    const { written } = await write(identityOf(row), {
      set: fields.set,
      condition: '#status IN (:running, :waiting) AND dueSort = :found',
      names: fields.names,
      values: { ...fields.values, ':running': 'RUNNING', ':waiting': 'WAITING', ':found': row.dueSort },
    });
    return written ? soon : undefined;
  }

  return { enterLane, end, move, lookAgain };
}

/**
 * When the deadline of a job that has just entered its lane falls due. A message that comes later than `startBy` finds out by
 * itself that the job has expired, so the place may be one that the tick finds: an earlier one would look overdue.
 */
const deadlineAt = (startBy: string, now: Date) =>
  new Date(Math.max(Date.parse(startBy), tickFindsFrom(now).getTime()));

const identityOf = ({ tenant, type, jobId }: DueRow): JobIdentity => ({ tenant, type, id: jobId });

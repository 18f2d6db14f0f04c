import type { MadeDecision, Untold } from '../attempt/claim.ts';
import type { KeptMessage } from '../attempt/message.ts';
import type { StoredResult } from '../attempt/settlement.ts';
import type { Submission } from '../attempt/submission.ts';
import {
  type Conflicts,
  type HistoryEntry,
  isSettled,
  type JobError,
  type JobStatus,
  type JobSummary,
  type JobView,
  type PastFailure,
  type Progress,
  type WaitingFor,
} from '../contracts/job.ts';

/** A job's row. Times that are shown are ISO strings; times that conditions compare are milliseconds. */
export interface JobRow {
  pk: string;
  tenant: string;
  type: string;
  jobId: string;
  status: JobStatus;
  /** The newest attempt's number; 0 before the first, and `attemptsBefore` after a replay. */
  attempt: number;
  /** Increases with every write. Together with the key and `acceptedAt` it identifies an event. */
  revision: number;
  /** When the job was accepted. No write of the row changes it. */
  acceptedAt: string;
  settledAt?: string;
  /**
   * When the newest attempt's lease ends, milliseconds since 1970. A job that is RUNNING or WAITING without a lease goes on
   * without its consumer: its workflow was started.
   */
  leaseUntil?: number;
  /** When somebody asked to cancel the job while it was under way. */
  cancelRequestedAt?: string;
  history: { status: JobStatus; at: string }[];
  traceId: string;
  /**
   * The digest of the body that was claimed first, see {@link Submission}. Absent if the job was cancelled before a consumer
   * saw it.
   */
  bodyDigest?: string;
  /** How many messages with another body came, when the last one did, and its id. */
  conflictCount?: number;
  conflictedAt?: string;
  conflictMessage?: string;
  /** The id of the last write. */
  writeId: string;
  result?: StoredResult;
  error?: JobError;
  archiveKey?: string;
  progress?: Progress;
  waitingFor?: WaitingFor;
  question?: OpenQuestion;
  /**
   * What somebody decided about the last question of this generation. It stays when the job settles, so that whoever repeats
   * the decision learns that it was recorded; the next question and a replay remove it.
   */
  decided?: MadeDecision;
  /** When a scheduled job may start. */
  runAfter?: string;
  /** When it expires unless it has started. */
  startBy?: string;
  /** The message of a job that waits for its time. */
  kept?: KeptMessage;
  /** The place in the due index, and what falls due there. */
  dueKey?: string;
  dueSort?: string;
  dueKind?: DueKind;
  /** When DynamoDB may delete the row, seconds since 1970. */
  expiresAt: number;
  listKey: string;
  /** Like `listKey`, only of a failed job: its place in the index of failures. */
  failedKey?: string;
  listSort: string;
  /** The place in the indexes of failures, of a job that failed or expired. It keeps the place of its last failure. */
  failureKey?: string;
  failureShard?: string;
  failureSort?: string;
  /** The code of its last failure. */
  failureCode?: string;
  /** The place in the index of blocked keys, of a FAILED job that blocks its order key. */
  blockedType?: string;
  blockedSort?: string;
  /** The order key that it blocks, and until when its lane can hold the later jobs. */
  blockedKey?: string;
  blockedUntil?: string;
  /** The receipt handle of its message, which is invisible in the lane. */
  blockedReceipt?: string;
  /** When its last failure was replayed. */
  replayedAt?: string;
  /** The newest job that its last failure was replayed as, while that failure is its outcome. */
  replayedAs?: string;
  /** The job whose failure it is a replay of. */
  replayOf?: string;
  /** How often the job was replayed, and 1; absent before the first replay. */
  generation?: number;
  /**
   * The number that the newest generation started with. Numbers of attempts go on, so that a newer one always has a higher
   * one, and each generation skips one, which no attempt has.
   */
  attemptsBefore?: number;
  /** How earlier generations failed, the first one first. */
  failures?: ArchivedFailure[];
}

/**
 * What can fall due: a scheduled job's start, the end of the time in which a job in its lane may start, or a look at a job that
 * goes on without its consumer. What happens then is in shared/runtime/due/kinds.ts.
 */
export type DueKind = 'start' | 'deadline' | 'look';

/** What a job's workflow asked last. It is kept after the decision, until the job settles: the workflow may have missed it. */
export interface OpenQuestion {
  /** The name that the workflow gave it. */
  name: string;
  /** With this token, Step Functions lets the workflow go on. */
  token: string;
  /** The time for a decision is over. */
  closed?: boolean;
}

/** Whether an attempt at a job in this status has begun and not ended. */
export const isUnderWay = (status: JobStatus) => status === 'RUNNING' || status === 'WAITING';

/** Whether the job's workflow was started and goes on without a consumer. */
export const goesOnWithoutConsumer = ({ status, leaseUntil }: Pick<JobRow, 'status' | 'leaseUntil'>) =>
  isUnderWay(status) && leaseUntil === undefined;

/** When a job entered its status. */
export const changedAtOf = ({ history, acceptedAt }: Pick<JobRow, 'history' | 'acceptedAt'>): string =>
  history.at(-1)?.at ?? acceptedAt;

/** That a job is to be cancelled, for its workflow, which may not know it. */
export const cancelIn = ({
  cancelRequestedAt,
  status,
  question,
}: Pick<JobRow, 'cancelRequestedAt' | 'status' | 'question'>): Extract<Untold, { kind: 'cancelled' }> | undefined =>
  cancelRequestedAt === undefined
    ? undefined
    : { kind: 'cancelled', token: status === 'WAITING' ? question?.token : undefined };

/** A past failure, and where its message is in the archive. */
export type ArchivedFailure = PastFailure & { archiveKey: string };

/** The row of a parked message. Only the index of failures leads to it. */
export type ParkedRow = Pick<JobRow, 'pk' | 'tenant' | 'type' | 'jobId' | 'replayedAt' | 'replayedAs'> &
  Required<
    Pick<JobRow, 'error' | 'archiveKey' | 'expiresAt' | 'failureKey' | 'failureShard' | 'failureSort' | 'failureCode'>
  >;

/** What a list shows of a row. */
export type ListedRow = Pick<
  JobRow,
  'jobId' | 'type' | 'status' | 'attempt' | 'attemptsBefore' | 'acceptedAt' | 'settledAt' | 'listSort'
>;

export function summaryOf(row: ListedRow): JobSummary {
  return {
    jobId: row.jobId,
    type: row.type,
    status: row.status,
    attempts: row.attempt - (row.attemptsBefore ?? 0),
    acceptedAt: row.acceptedAt,
    ...(row.settledAt && { settledAt: row.settledAt }),
  };
}

/** A row as its tenant sees it, without the result, which may be stored elsewhere. */
export function viewOf(row: JobRow, self: string): JobView {
  return {
    ...summaryOf(row),
    confirmed: true,
    history: historyOf(row),
    ...(row.runAfter && { runAfter: row.runAfter }),
    ...(row.startBy && { expiresAt: row.startBy }),
    ...(row.generation && { generation: row.generation }),
    ...(row.failures && { failures: row.failures.map(({ archiveKey: _, ...failure }) => failure) }),
    ...(row.replayedAs && { replayedAs: row.replayedAs }),
    ...(row.replayOf && { replayOf: row.replayOf }),
    ...(row.progress && { progress: row.progress }),
    ...(row.waitingFor && { waitingFor: row.waitingFor }),
    ...(row.cancelRequestedAt && { cancelRequestedAt: row.cancelRequestedAt }),
    ...conflictsOf(row),
    ...(row.error && { error: row.error }),
    traceId: row.traceId,
    links: { self },
  };
}

/** The conflicting duplicates of a job, for those who see it. */
export const conflictsOf = ({ conflictCount, conflictedAt }: JobRow): { conflicts?: Conflicts } =>
  conflictCount && conflictedAt ? { conflicts: { count: conflictCount, lastAt: conflictedAt } } : {};

/**
 * The entered states, each with its attempt; a claim cannot write its own number into the list. A job that goes on after
 * waiting is still in the same attempt. After an outcome, a replay begins, and its attempts start again.
 */
function historyOf({ acceptedAt, history }: JobRow): HistoryEntry[] {
  let attempt = 0;
  const entered = history.map(({ status, at }, index) => {
    const before = history[index - 1]?.status;
    if (before && isSettled(before)) attempt = 0;
    if (status === 'RUNNING' && before !== 'WAITING') attempt += 1;
    return { status, at, attempt };
  });
  return [{ status: 'QUEUED', at: acceptedAt, attempt: 0 }, ...entered];
}

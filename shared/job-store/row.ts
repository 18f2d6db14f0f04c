import type { StoredResult, Submission } from '../attempt/ports.ts';
import type { HistoryEntry, JobError, JobStatus, JobSummary, JobView, Progress } from '../contracts/job.ts';

/** A job's row. Times that are shown are ISO strings; times that conditions compare are milliseconds. */
export interface JobRow {
  pk: string;
  tenant: string;
  type: string;
  jobId: string;
  status: JobStatus;
  /** The newest attempt's number; 0 before the first. */
  attempt: number;
  /** Increases with every write. Together with the key it identifies an event. */
  revision: number;
  acceptedAt: string;
  settledAt?: string;
  /** When the newest attempt's lease ends, milliseconds since 1970. */
  leaseUntil?: number;
  history: { status: JobStatus; at: string }[];
  traceId: string;
  /** The digest of the body that was claimed first; see {@link Submission}. */
  bodyDigest: string;
  /** The id of the last write. */
  writeId: string;
  result?: StoredResult;
  error?: JobError;
  archiveKey?: string;
  progress?: Progress;
  /** When DynamoDB may delete the row, seconds since 1970. */
  expiresAt: number;
  listKey: string;
  /** Like `listKey`, only of a failed job: its place in the index of failures. */
  failedKey?: string;
  listSort: string;
}

/** What a list shows of a row. */
export type ListedRow = Pick<JobRow, 'jobId' | 'type' | 'status' | 'attempt' | 'acceptedAt' | 'settledAt' | 'listSort'>;

export function summaryOf(row: ListedRow): JobSummary {
  return {
    jobId: row.jobId,
    type: row.type,
    status: row.status,
    attempts: row.attempt,
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
    ...(row.progress && { progress: row.progress }),
    ...(row.error && { error: row.error }),
    traceId: row.traceId,
    links: { self },
  };
}

/** The entered states, each with its attempt; a claim cannot write its own number into the list. */
function historyOf({ acceptedAt, history }: JobRow): HistoryEntry[] {
  let attempt = 0;
  const entered = history.map(({ status, at }) => {
    if (status === 'RUNNING') attempt += 1;
    return { status, at, attempt };
  });
  return [{ status: 'QUEUED', at: acceptedAt, attempt: 0 }, ...entered];
}

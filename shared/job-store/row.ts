import type { StoredResult, Submission } from '../attempt/ports.ts';
import type { HistoryEntry, JobError, JobStatus, JobSummary, JobView, Progress } from '../contracts/job.ts';

/** A job's row. Times of the job are ISO strings (they are shown), what conditions compare is milliseconds. */
export interface JobRow {
  pk: string;
  tenant: string;
  type: string;
  jobId: string;
  status: JobStatus;
  /** The newest attempt's number; 0 before the first. */
  attempt: number;
  /** Grows with every write: with the key, it names a fact about the job. */
  revision: number;
  acceptedAt: string;
  settledAt?: string;
  /** When the newest attempt's lease ends, milliseconds since 1970. */
  leaseUntil?: number;
  history: { status: JobStatus; at: string }[];
  traceId: string;
  /** Of the body that was claimed first; see {@link Submission}. */
  bodyDigest: string;
  /** The last write's own. */
  writeId: string;
  result?: StoredResult;
  error?: JobError;
  archiveKey?: string;
  progress?: Progress;
  /** When DynamoDB may delete the row, seconds since 1970. */
  expiresAt: number;
  listKey: string;
  listSort: string;
}

/** What the list index carries besides its keys. */
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

/** A row as its tenant sees it, without the result, which may lie elsewhere. */
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

/** The states entered, with the attempt each belongs to: a claim cannot write its own number into the list. */
function historyOf({ acceptedAt, history }: JobRow): HistoryEntry[] {
  let attempt = 0;
  const entered = history.map(({ status, at }) => {
    if (status === 'RUNNING') attempt += 1;
    return { status, at, attempt };
  });
  return [{ status: 'QUEUED', at: acceptedAt, attempt: 0 }, ...entered];
}

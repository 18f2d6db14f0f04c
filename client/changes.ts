import type { EventType } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { HistoryEntry, JobStatus, JobSummary, JobView } from '@spillway/shared/contracts/job.ts';

type Data = JobEvent['data'];

/** A change of a job: an event, or what a look at the job showed, which does not say as much. */
export interface JobChange {
  /** What happened, such as `job.started`. */
  type: EventType;
  time: string;
  data: Pick<Data, 'jobType' | 'jobId' | 'attempt' | 'acceptedAt'> &
    Partial<Pick<Data, 'revision' | 'settledAt' | 'error' | 'progress' | 'waitingFor' | 'runAfter' | 'conflicts'>>;
}

/** The event of a job that enters a status. The contracts have the same table, but they would load zod. */
const EVENT_OF: Readonly<Record<JobStatus, EventType>> = {
  QUEUED: 'job.retrying',
  SCHEDULED: 'job.scheduled',
  RUNNING: 'job.started',
  WAITING: 'job.waiting',
  SUCCEEDED: 'job.succeeded',
  FAILED: 'job.failed',
  CANCELLED: 'job.cancelled',
  EXPIRED: 'job.expired',
};
const OUTCOMES: readonly JobStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'];

/** The states of a job as changes, in order. Only the last one has the details of the job as it is. */
export function changesOf(job: JobView): JobChange[] {
  return job.history.map((entry, index) => {
    const last = index === job.history.length - 1;
    return {
      type: eventOf(entry, job.history[index - 1]),
      time: entry.at,
      data: {
        ...dataOf(job, entry.attempt),
        ...(last && detailsOf(job)),
      },
    };
  });
}

/** A job as a list shows it, as a change. */
export const changeOf = (job: JobSummary): JobChange => ({
  type: EVENT_OF[job.status],
  time: job.settledAt ?? job.acceptedAt,
  data: { ...dataOf(job, job.attempts), ...(job.settledAt && { settledAt: job.settledAt }) },
});

/** Progress that a look at a job showed. Its time is not known, so it has that of the job's state, by the server's clock. */
export const progressOf = (job: JobView): JobChange => ({
  type: 'job.progressed',
  time: job.history.at(-1)?.at ?? job.acceptedAt,
  data: { ...dataOf(job, job.attempts), ...detailsOf(job) },
});

const dataOf = ({ type, jobId, acceptedAt }: JobSummary, attempt: number) => ({
  jobType: type,
  jobId,
  attempt,
  acceptedAt,
});

const detailsOf = ({ settledAt, error, progress, waitingFor, runAfter, conflicts }: JobView) => ({
  ...(settledAt && { settledAt }),
  ...(error && { error }),
  ...(progress && { progress }),
  ...(waitingFor && { waitingFor }),
  ...(runAfter && { runAfter }),
  ...(conflicts && { conflicts }),
});

function eventOf({ status }: HistoryEntry, before: HistoryEntry | undefined): EventType {
  if (status === 'RUNNING' && before?.status === 'WAITING') return 'job.decided';
  if (status !== 'QUEUED') return EVENT_OF[status];
  if (!before) return 'job.accepted';
  if (before.status === 'SCHEDULED') return 'job.queued';
  return OUTCOMES.includes(before.status) ? 'job.replayed' : 'job.retrying';
}

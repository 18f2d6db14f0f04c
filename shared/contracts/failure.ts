import * as z from 'zod/mini';
import { CURSOR, HistoryEntry, JOB_STATUSES, JobError, PastFailure } from './job.ts';

/** The tenant of a parked message that belongs to no job. Its job id is the message's id. */
export const NO_TENANT = '-';

/** The code of a parked message among the failures. */
export const PARKED_CODE = 'PARKED';

/** A job that failed or expired, or a message that was parked, as operators see it. */
export const Failure = z.strictObject({
  tenant: z.string(),
  type: z.string(),
  jobId: z.string(),
  /** The error's code; `PARKED` for a parked message. */
  code: z.string(),
  message: z.string(),
  failedAt: z.iso.datetime(),
  /** Absent until the failure is replayed. If the job fails again, that is a new failure. */
  replayedAt: z.optional(z.iso.datetime()),
  /** The newest job that it was replayed as, if that was a new one. */
  replayedAs: z.optional(z.string()),
});
export type Failure = z.infer<typeof Failure>;

/** A page of failures, newest first. */
export const FailureList = z.strictObject({
  failures: z.array(Failure),
  /** Where the next page begins. The last page has none. */
  cursor: z.optional(z.string().check(z.regex(CURSOR))),
});
export type FailureList = z.infer<typeof FailureList>;

/** Everything that is known about a failure. What belongs to a job is absent for a message that belongs to none. */
export const FailureDetail = z.extend(Failure, {
  /** The job's status now: it may have been replayed. */
  status: z.optional(z.enum(JOB_STATUSES)),
  /** In the newest generation. */
  attempts: z.optional(z.int()),
  generation: z.optional(z.int()),
  acceptedAt: z.optional(z.iso.datetime()),
  traceId: z.optional(z.string()),
  history: z.optional(z.array(HistoryEntry)),
  /** The error of the newest generation, if it says more than `code` and `message`. */
  error: z.optional(JobError),
  /** The failures that were replayed, the first one first. */
  failures: z.optional(z.array(PastFailure)),
  /** The message's body, exactly as the client sent it. Absent if its archive record has expired. */
  input: z.optional(z.string()),
  /** What was sent with it. */
  attributes: z.optional(z.record(z.string(), z.string())),
  /** The log entries about the job, in the AWS console. */
  links: z.strictObject({ logs: z.url() }),
});
export type FailureDetail = z.infer<typeof FailureDetail>;

const time = z.iso.datetime({ offset: true });

/** Which failures: those that fit all of these. */
export const FailureFilter = z.strictObject({
  type: z.optional(z.string()),
  tenant: z.optional(z.string()),
  code: z.optional(z.string()),
  /** Failed at this time or later. */
  from: z.optional(time),
  /** Failed before this time. */
  to: z.optional(time),
  replayed: z.optional(z.boolean()),
});
export type FailureFilter = z.infer<typeof FailureFilter>;

/** A failed job or a parked message. */
export const FailedJob = z.strictObject({ tenant: z.string(), type: z.string(), jobId: z.string() });
export type FailedJob = z.infer<typeof FailedJob>;

/** How many jobs a replay may name. More are found by a filter. */
export const MOST_NAMED_JOBS = 1000;
/** A lane takes thousands a second, but what its jobs call may just have recovered. */
export const USUAL_RATE = 20;
/** A replay reads and writes a row, reads an object and sends a message for each job. */
export const HIGHEST_RATE = 200;

/** What an operator asks to be replayed: what fits a filter, or the named jobs. */
export const ReplayRequest = z.strictObject({
  filter: z.optional(FailureFilter),
  jobs: z.optional(z.array(FailedJob).check(z.minLength(1), z.maxLength(MOST_NAMED_JOBS))),
  /** Only counts what would be replayed. */
  dryRun: z.optional(z.boolean()),
  ratePerSecond: z.optional(z.int().check(z.minimum(1), z.maximum(HIGHEST_RATE))),
  /** Replays each failure as a new job, with an id of its own. The old job keeps its outcome. */
  asNewJob: z.optional(z.boolean()),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** The tenant of the jobs that the platform submits for operators. No token has it. */
export const ADMIN_TENANT = '-admin';

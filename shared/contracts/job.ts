import * as z from 'zod/mini';

/** What follows from a job's status. */
interface Status {
  /** The event for a job that enters the status. */
  event: string;
  /** For an outcome, which can never change again: the metric that counts it. */
  metric?: string;
  /** Whether operators find the job among the failures. */
  failure?: true;
}

const statuses = {
  /** In its lane: accepted, or back after a failed attempt. */
  QUEUED: { event: 'job.retrying' },
  /** It waits in the table for the time in `runAfter`. */
  SCHEDULED: { event: 'job.scheduled' },
  RUNNING: { event: 'job.started' },
  /** Its workflow waits for what `waitingFor` says, such as a person's decision. */
  WAITING: { event: 'job.waiting' },
  SUCCEEDED: { event: 'job.succeeded', metric: 'Succeeded' },
  FAILED: { event: 'job.failed', metric: 'Failed', failure: true },
  CANCELLED: { event: 'job.cancelled', metric: 'Cancelled' },
  EXPIRED: { event: 'job.expired', metric: 'Expired', failure: true },
} as const satisfies Record<string, Status>;

export type JobStatus = keyof typeof statuses;
/** One final status of a job. */
export type Outcome = {
  [Name in JobStatus]: (typeof statuses)[Name] extends { metric: string } ? Name : never;
}[JobStatus];

/** The statuses of a job. Whatever follows from a status is defined only here. */
export const STATUSES: { readonly [Name in JobStatus]: Status & (typeof statuses)[Name] } = statuses;
export const JOB_STATUSES = Object.keys(STATUSES) as JobStatus[];

/** Whether a job in this status can never change again. */
export const isSettled = (status: JobStatus): status is Outcome => 'metric' in STATUSES[status];
export const OUTCOMES: readonly Outcome[] = JOB_STATUSES.filter(isSettled);

/** The identity of a job. The three fields together are its key, so a tenant can never reach another tenant's job. */
export interface JobIdentity {
  tenant: string;
  type: string;
  id: string;
}

/** Why a job or its last attempt failed. */
export const JobError = z.strictObject({
  /** Stable, for programs: an error's name, or one of ours such as `INPUT_REFUSED`. */
  code: z.string(),
  /** For people. */
  message: z.string(),
  /** The workflow step that failed, for jobs that have steps. */
  step: z.optional(z.string()),
});
export type JobError = z.infer<typeof JobError>;

export const Progress = z.strictObject({ done: z.number(), total: z.number(), message: z.optional(z.string()) });
export type Progress = z.infer<typeof Progress>;

/** What a person can decide. */
export const VERDICTS = ['approve', 'reject'] as const;

/** A person's answer to a job that waits for a decision. */
export const Decision = z.strictObject({
  decision: z.enum(VERDICTS),
  /** Why, for the people who read the result. */
  comment: z.optional(z.string().check(z.maxLength(2000))),
});
export type Decision = z.infer<typeof Decision>;

/** What a job waits for. */
export const WaitingFor = z.strictObject({
  for: z.literal('decision'),
  /** What the person decides, in words. */
  question: z.string(),
  /** Who is asked, such as email addresses. Anyone with the tenant's scope can decide. */
  asked: z.optional(z.array(z.string())),
  since: z.iso.datetime(),
  /** When the job stops waiting. */
  until: z.iso.datetime(),
  /** When the people who are asked were reminded. */
  remindedAt: z.optional(z.iso.datetime()),
});
export type WaitingFor = z.infer<typeof WaitingFor>;

export const HistoryEntry = z.strictObject({
  status: z.enum(JOB_STATUSES),
  at: z.iso.datetime(),
  attempt: z.int().check(z.nonnegative()),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** How a job failed before it was replayed. */
export const PastFailure = z.strictObject({
  /** 1 for the first failure. */
  generation: z.int().check(z.positive()),
  attempts: z.int().check(z.nonnegative()),
  error: JobError,
  failedAt: z.iso.datetime(),
  replayedAt: z.iso.datetime(),
});
export type PastFailure = z.infer<typeof PastFailure>;

/** The submits that named a job which already had another body. They changed nothing. */
export const Conflicts = z.strictObject({
  /** A submit that its client repeats counts again. */
  count: z.int().check(z.positive()),
  lastAt: z.iso.datetime(),
});
export type Conflicts = z.infer<typeof Conflicts>;

/** How many of a tenant's blocked keys a job shows. */
export const MOST_BLOCKED_KEYS = 20;

/** A tenant's order key whose jobs wait, because one of them FAILED in a lane that stops on failures. */
export const HeldKey = z.strictObject({
  /** The value of the order key. */
  key: z.string(),
  /** The job that failed. */
  jobId: z.string(),
  failedAt: z.iso.datetime(),
  /** Until when the later jobs wait at most. Then they run. */
  heldUntil: z.iso.datetime(),
});
export type HeldKey = z.infer<typeof HeldKey>;

/** One line of a job list. */
export const JobSummary = z.strictObject({
  jobId: z.string(),
  type: z.string(),
  status: z.enum(JOB_STATUSES),
  /** Since the job was accepted, or replayed. */
  attempts: z.int().check(z.nonnegative()),
  acceptedAt: z.iso.datetime(),
  settledAt: z.optional(z.iso.datetime()),
});
export type JobSummary = z.infer<typeof JobSummary>;

/** What readers of the API description need to know about the links of an answer; those of an event differ. */
const aboutSelf = z.meta({
  description:
    "self is the path of the job's status on the host of the API, with the stage in it, as in Location: resolve it against the URL of the request.",
});

/** A job as its tenant sees it. `Result` is the job type's own; see the API description. */
export const JobView = z.extend(JobSummary, {
  /** False until a consumer has seen the job, while it waits in its lane. */
  confirmed: z.boolean(),
  history: z.array(HistoryEntry),
  /** When it may start, if its client or a move said so. */
  runAfter: z.optional(z.iso.datetime()),
  /** When it expires unless it has started. */
  expiresAt: z.optional(z.iso.datetime()),
  /** 2 after the first replay; absent before it. */
  generation: z.optional(z.int().check(z.minimum(2))),
  /** The failures that were replayed, the first one first. */
  failures: z.optional(z.array(PastFailure)),
  /** The newest job that its failure was replayed as, if that was a new one. */
  replayedAs: z.optional(z.string()),
  /** The job whose failure it is a replay of, if that replay made it. */
  replayOf: z.optional(z.string()),
  progress: z.optional(Progress),
  /** Only while it is `WAITING`. */
  waitingFor: z.optional(WaitingFor),
  /**
   * Only while it is `QUEUED` in a lane that stops on failures: the tenant's order keys that are blocked, at most 20, those
   * that failed last first. The job waits for an operator if its own key is one of them; a job that has not started does not
   * know its key.
   */
  blockedKeys: z.optional(z.array(HeldKey).check(z.maxLength(MOST_BLOCKED_KEYS))),
  /** When somebody asked to cancel it while it ran. It is CANCELLED when it has stopped, unless it succeeded before. */
  cancelRequestedAt: z.optional(z.iso.datetime()),
  /** Absent if every submit of the job had the same body. */
  conflicts: z.optional(Conflicts),
  result: z.optional(z.unknown()),
  error: z.optional(JobError),
  traceId: z.optional(z.string()),
  /**
   * `result` is a link to a result that is too long for a response. It is valid for five minutes; each GET makes a new
   * one.
   */
  links: z.strictObject({ self: z.string(), result: z.optional(z.url()) }).check(aboutSelf),
});
export type JobView = z.infer<typeof JobView>;

/** How many jobs a page has unless the caller says otherwise, and how many it may have. */
export const USUAL_PAGE = 50;
export const LONGEST_PAGE = 100;

/** A cursor: the position of a job in a list, which any list takes. */
export const CURSOR = /^\d{8}T\d{9}Z-[0-9a-f]{16}$/;

/** A page of jobs, newest first. */
export const JobList = z.strictObject({
  jobs: z.array(JobSummary),
  /** Where the next page begins. The last page has none. */
  cursor: z.optional(z.string().check(z.regex(CURSOR))),
});
export type JobList = z.infer<typeof JobList>;

/** The response to a submit. */
export const Accepted = z.strictObject({
  jobId: z.string(),
  /** `SCHEDULED` if the submit says `runAfter`. */
  status: z.enum(['QUEUED', 'SCHEDULED']),
  links: z.strictObject({ self: z.string() }).check(aboutSelf),
});
export type Accepted = z.infer<typeof Accepted>;

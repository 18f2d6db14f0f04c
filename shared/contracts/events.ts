import * as z from 'zod/mini';
import {
  Conflicts,
  JOB_STATUSES,
  JobError,
  type JobStatus,
  OUTCOMES,
  type Outcome,
  Progress,
  STATUSES,
  type StatusEvent,
  WaitingFor,
} from './job.ts';

/** The name of an event, in the past tense. On the bus it is the `detail-type`. */
export type EventType = StatusEvent | (typeof FURTHER_EVENTS)[number];

/**
 * The events that follow from more than the status: its code reported progress, a person decided about a waiting job, the
 * people who are asked were reminded, the job was submitted again with another body, or it was replayed after it failed. `job.queued` is a scheduled job's
 * that fell due; other jobs enter QUEUED after a failed attempt, as `job.retrying`.
 */
const FURTHER_EVENTS = [
  'job.queued',
  'job.progressed',
  'job.decided',
  'job.reminded',
  'job.conflicted',
  'job.replayed',
] as const;
export const EVENT_TYPES: readonly EventType[] = [...FURTHER_EVENTS, ...JOB_STATUSES.flatMap(eventsOf)];

function eventsOf(status: JobStatus): EventType[] {
  const { event } = STATUSES[status];
  return event ? [event as StatusEvent] : [];
}

/** The outcome that an event reports, or undefined if the job has none yet. */
export const outcomeOf = (type: EventType): Outcome | undefined =>
  OUTCOMES.find((outcome) => STATUSES[outcome].event === type);

/** The event's `source` on the bus. */
export const EVENT_SOURCE = 'spillway.jobs';

/**
 * An event about a job: the `detail` of an EventBridge event. The attributes have the names of CloudEvents
 * (https://github.com/cloudevents/spec), so it can be passed on as one.
 */
export const JobEvent = z.strictObject({
  specversion: z.literal('1.0'),
  /** Made from the job and its revision, so the same event has the same id however often it is delivered. */
  id: z.string(),
  source: z.literal(EVENT_SOURCE),
  type: z.enum(EVENT_TYPES),
  /** `<job type>/<job id>`. */
  subject: z.string(),
  /** When it happened. */
  time: z.iso.datetime(),
  data: z.strictObject({
    tenant: z.string(),
    jobType: z.string(),
    jobId: z.string(),
    /** Increases with each event of the job. */
    revision: z.int().check(z.positive()),
    attempt: z.int().check(z.nonnegative()),
    acceptedAt: z.iso.datetime(),
    settledAt: z.optional(z.iso.datetime()),
    /** Milliseconds from accepted to settled. */
    latencyMs: z.optional(z.int().check(z.nonnegative())),
    error: z.optional(JobError),
    progress: z.optional(Progress),
    waitingFor: z.optional(WaitingFor),
    conflicts: z.optional(Conflicts),
    traceId: z.string(),
  }),
});
export type JobEvent = z.infer<typeof JobEvent>;

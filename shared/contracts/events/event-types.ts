import * as z from 'zod/mini';
import { Conflicts, JobError, OUTCOMES, type Outcome, Progress, STATUSES, WaitingFor } from '../job.ts';

const settled = {
  settledAt: z.iso.datetime(),
  /** Milliseconds from accepted to settled. */
  latencyMs: z.int().check(z.nonnegative()),
};

/**
 * What can happen to a job: for each event, a sentence for those who read about it, and the data that it always has. It may
 * also have the data of other events, such as the error of an earlier attempt.
 */
export const EVENTS = {
  'job.accepted': {
    summary: 'The platform has seen the job for the first time. It is revision 0 of the job.',
    data: {},
  },
  'job.scheduled': { summary: 'The job waits for the time in runAfter.', data: { runAfter: z.iso.datetime() } },
  'job.queued': { summary: 'A scheduled job fell due and entered its lane.', data: {} },
  'job.started': { summary: 'An attempt at the job has begun.', data: {} },
  'job.progressed': { summary: 'The job reported how far it is.', data: { progress: Progress } },
  'job.retrying': { summary: 'An attempt failed, and the job will be tried again.', data: { error: JobError } },
  'job.waiting': { summary: 'The job waits for what waitingFor says.', data: { waitingFor: WaitingFor } },
  'job.reminded': {
    summary: 'The people whom a waiting job asks for a decision were reminded.',
    data: { waitingFor: WaitingFor },
  },
  'job.decided': { summary: 'A person decided about a waiting job, and its workflow continues.', data: {} },
  'job.succeeded': { summary: 'The job has succeeded. Its result can be read by its link.', data: settled },
  'job.failed': { summary: 'The job has failed for good.', data: { ...settled, error: JobError } },
  'job.cancelled': { summary: 'The job was cancelled.', data: settled },
  'job.expired': { summary: 'The job was not started, or not decided, in time.', data: settled },
  'job.conflicted': {
    summary: 'The job was submitted again with another body, which changed nothing.',
    data: { conflicts: Conflicts },
  },
  'job.replayed': { summary: 'A job that had failed or expired was submitted again.', data: {} },
} as const satisfies Record<string, { summary: string; data: z.core.$ZodShape }>;

/** The name of an event, in the past tense. On the bus it is the `detail-type`. */
export type EventType = keyof typeof EVENTS;
export const EVENT_TYPES = Object.keys(EVENTS) as EventType[];

/** The outcome that an event reports, or undefined if the job has none yet. */
export const outcomeOf = (type: EventType): Outcome | undefined =>
  OUTCOMES.find((outcome) => STATUSES[outcome].event === type);

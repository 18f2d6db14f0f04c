import { type EventType, outcomeOf } from '../contracts/events/event-types.ts';
import type { JobEvent } from '../contracts/events/job-event.ts';

/** A client's mistake, which would otherwise show only to those who look at the job. */
const MISTAKE = 'job.conflicted' satisfies EventType;

/**
 * Whether an event goes to the bus and the topic: every outcome and every conflict does, and the other events of those job
 * types whose contract says `events: 'all'`.
 *
 * @param inFull the names of these job types
 */
export const isPublished = ({ type, data }: JobEvent, inFull: ReadonlySet<string>): boolean =>
  outcomeOf(type) !== undefined || type === MISTAKE || inFull.has(data.jobType);

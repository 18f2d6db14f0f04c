import { type JobEvent, outcomeOf } from '@spillway/shared/contracts/events.ts';

/**
 * Whether an event goes to the bus: every outcome does, and the other events of those job types whose contract says
 * `events: 'all'`.
 *
 * @param inFull the names of these job types
 */
export const isPublished = ({ type, data }: JobEvent, inFull: ReadonlySet<string>): boolean =>
  outcomeOf(type) !== undefined || inFull.has(data.jobType);

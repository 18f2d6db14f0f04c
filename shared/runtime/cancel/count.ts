import type { JobRow } from '../../job-store/row.ts';
import type { laneObserver } from '../observers.ts';

/** Counts a job that was settled as CANCELLED outside its lane's consumer, in the same metrics. */
export function countCancelled(
  { tenant, type, jobId: id, attempt, acceptedAt, settledAt = '' }: JobRow,
  observer: Pick<ReturnType<typeof laneObserver>, 'settled'>,
): void {
  observer.settled({ tenant, type, id, attempt }, 'CANCELLED', Date.parse(settledAt) - Date.parse(acceptedAt));
}

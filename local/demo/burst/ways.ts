import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';

/** How a job of a burst comes, or what happens to it. */
export type Way =
  /** By a request of its own. */
  | 'single'
  /** With others of its type, in one request. */
  | 'batch'
  /** By a request of its own, to start seconds later. */
  | 'delayed'
  /** To start much later, and cancelled before. */
  | 'cancelled'
  /** Its receiver refuses it, and it is replayed when the receiver has been repaired. */
  | 'replayed';

/** In seconds after its submit: when a delayed job starts, and when a cancelled one would. */
export const START_AFTER = { delayed: 5, cancelled: 3600 } as const satisfies { [way in Way]?: number };

/** The ways of twenty jobs of a type, in turn. Those that are not named come by a request of their own. */
const MIX: { readonly [place: number]: Way } = {
  2: 'delayed',
  5: 'replayed',
  8: 'batch',
  9: 'batch',
  10: 'batch',
  11: 'batch',
  12: 'batch',
  15: 'cancelled',
};
const MIX_LENGTH = 20;

/** The way of the k-th job of its type in a mixed burst. Only webhooks fail on request. */
export function mixedWay({ name }: Pick<JobType, 'name'>, k: number): Way {
  const way = MIX[k % MIX_LENGTH] ?? 'single';
  return way === 'replayed' && name !== webhookDelivery.name ? 'single' : way;
}

/** How many of the jobs there are of each way, those of their own requests first. */
export function countWays(jobs: readonly { way?: Way }[]): Partial<Record<Way, number>> {
  const ways: Partial<Record<Way, number>> = { single: 0 };
  for (const { way = 'single' } of jobs) ways[way] = (ways[way] ?? 0) + 1;
  return ways;
}

import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import type { End } from './bus.ts';

/** How a job of a burst comes, or what happens to it. */
export type Way =
  /** By a request of its own. */
  | 'single'
  /** With others of its type, in one request. */
  | 'batch'
  /** In an uploaded file, of which it is a line. The job that submits the lines counts, too. */
  | 'bulk'
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
  17: 'bulk',
  18: 'bulk',
};
const MIX_LENGTH = 20;
/** Ways of one type only: only webhooks fail on request, and one file is enough. */
const ONLY: { readonly [way in Way]?: string } = { replayed: webhookDelivery.name, bulk: csvImport.name };

/** The way of the k-th job of its type in a mixed burst. */
export function mixedWay({ name }: Pick<JobType, 'name'>, k: number): Way {
  const way = MIX[k % MIX_LENGTH] ?? 'single';
  return (ONLY[way] ?? name) === name ? way : 'single';
}

/** How many jobs there are of each way. */
export type Ways = Readonly<Partial<Record<Way, number>>>;

/** How many of the jobs there are of each way, those of their own requests first. */
export function countWays(jobs: readonly { way?: Way }[]): Ways {
  const ways: Partial<Record<Way, number>> = { single: 0 };
  for (const { way = 'single' } of jobs) ways[way] = (ways[way] ?? 0) + 1;
  return ways;
}

/** How the jobs of each way come in. */
const WAY_IN = {
  single: 'single',
  delayed: 'delayed',
  batch: 'batch',
  bulk: 'bulk',
  cancelled: 'delayed',
  replayed: 'single',
} as const satisfies Record<Way, Way>;

/** How many jobs came in each way, whatever happened to them then. */
export function countWaysIn(ways: Ways): Ways {
  const waysIn: Partial<Record<Way, number>> = {};
  for (const [way, wayIn] of Object.entries(WAY_IN) as [Way, Way][]) {
    const count = (waysIn[wayIn] ?? 0) + (ways[way] ?? 0);
    if (count > 0) waysIn[wayIn] = count;
  }
  return waysIn;
}

/** Whether the end of a job fits its way. The other ways fit every end. */
const HAPPENED: { readonly [way in Way]?: (end: End) => boolean } = {
  bulk: ({ outcome }) => outcome === 'SUCCEEDED',
  delayed: ({ latencyMs }) => latencyMs >= START_AFTER.delayed * 1000,
  cancelled: ({ outcome }) => outcome === 'CANCELLED',
  replayed: ({ outcome, replayed }) => replayed && outcome === 'SUCCEEDED',
};

/** How many jobs ended in a way that they should not, such as one that was to be cancelled and succeeded; by way. */
export const countMissed = (jobs: readonly { way?: Way; end: End | undefined }[]): Ways => {
  const missed: Partial<Record<Way, number>> = {};
  for (const { way = 'single', end } of jobs) {
    if (end && HAPPENED[way]?.(end) === false) missed[way] = (missed[way] ?? 0) + 1;
  }
  return missed;
};

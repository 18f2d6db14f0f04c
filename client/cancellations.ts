import type { Cancellable, Counted } from '@spillway/shared/contracts/cancellation.ts';
import type { Accepted } from '@spillway/shared/contracts/job.ts';
import type { ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type cancelJobs from '@spillway/shared/contracts/jobs/cancel-jobs.ts';
import { ask } from './asking.ts';
import type { FrontDoor } from './front-door.ts';
import { type Job, type JobReference, locate, type Where } from './job.ts';
import type { Patience } from './patience.ts';
import { type WaitOptions, waitFor } from './wait-for.ts';

/** Which jobs of a type to cancel: those that fit all of these. At least one is needed. */
export interface CancelFilter<SearchKey extends string> {
  /** Their status now. */
  status?: Cancellable | undefined;
  /** Accepted at this time or later. */
  from?: Date | string | undefined;
  /** Accepted before this time. */
  to?: Date | string | undefined;
  /** Values of search keys of the contract, such as `{ orderId: 'order-1001' }`. */
  where?: Where<SearchKey> | undefined;
}

/** A job that cancels others, with how many it has cancelled and links to a record of each. */
export type Cancellation = Job<ResultOf<typeof cancelJobs>>;

/** The tenant's jobs that cancel others. */
export interface Cancellations {
  /** Reads one by the answer of `cancelAll`. @throws ClientError `NOT_FOUND` */
  get(cancellation: JobReference, patience?: Patience): Promise<Cancellation>;
  /** Waits until it has its outcome. @throws ClientError `TIMED_OUT` */
  waitFor(cancellation: JobReference, options?: WaitOptions<Cancellation>): Promise<Cancellation>;
}

export function cancellations(door: FrontDoor): Cancellations {
  const self: Cancellations = {
    get(cancellation, patience = {}) {
      const { jobId, query } = locate(cancellation);
      const path = `/cancellations/${encodeURIComponent(jobId)}${query}`;
      return ask(door, 'The cancellation could not be read', path, {}, patience);
    },
    waitFor: (cancellation, options = {}) =>
      waitFor((signal) => self.get(cancellation, { tries: options.tries, signal }), options),
  };
  return self;
}

/**
 * Asks for jobs of a type to be cancelled, or counts them. The request has a key, so that it is the same cancellation when
 * it is sent again.
 */
export function askToCancel<SearchKey extends string>(
  door: FrontDoor,
  type: string,
  { where = {}, ...filter }: CancelFilter<SearchKey>,
  dryRun: boolean,
  patience: Patience,
): Promise<Accepted | Counted> {
  const request = {
    method: 'POST',
    headers: { 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ filter: { ...where, ...filter }, ...(dryRun && { dryRun }) }),
  };
  return ask(door, 'Nothing was cancelled', `/jobs/${type}/cancellations`, request, patience);
}

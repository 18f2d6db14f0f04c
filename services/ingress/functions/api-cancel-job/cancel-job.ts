import { sha256 } from '@spillway/shared/attempt/digests.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { JOB_ID } from '@spillway/shared/contracts/job-id.ts';
import type { Unseen } from '@spillway/shared/job-store/cancels.ts';
import { type JobRow, viewOf } from '@spillway/shared/job-store/row.ts';
import type { Cancel } from '@spillway/shared/runtime/cancel/cancel.ts';
import { countCancelled } from '@spillway/shared/runtime/cancel/count.ts';
import type { laneObserver } from '@spillway/shared/runtime/observers.ts';
import { decodedId, type JobRequest, readAcceptedAt, whenAccepted } from '../../job-request.ts';
import { Answer, Problem } from '../../light-function.ts';

export interface CancelJobRequest extends JobRequest {
  /** The id of the request, from which the trace id of a job is made that no consumer has seen. */
  requestId: string;
}

export interface CancelJobTools {
  cancel: Cancel;
  observerFor: (type: string) => Pick<ReturnType<typeof laneObserver>, 'settled' | 'flush'>;
  now(): Date;
}

/**
 * Cancels a tenant's job.
 *
 * @returns 202 with the job as it is now: CANCELLED, or still under way
 * @throws Problem if the job is unknown or has its outcome, or if `acceptedAt` is not from one of our Locations
 */
export async function cancelJob(request: CancelJobRequest, { cancel, observerFor, now }: CancelJobTools) {
  const { tenant, type, path } = request;
  const acceptedAt = request.acceptedAt === undefined ? undefined : readAcceptedAt(request.acceptedAt);
  const id = decodedId(request.jobId);
  const answer = await cancel({ tenant, type, id }, now(), unseen(request, id, acceptedAt, now()));
  switch (answer.kind) {
    case 'unknown':
      // says why the job is not known
      whenAccepted(request, acceptedAt, now());
      throw new Problem('unknownJob', { jobId: request.jobId, type });
    case 'settled':
      throw new Problem('alreadySettled', { jobId: request.jobId, type, outcome: answer.outcome });
    case 'cancelled':
      count(answer.row, observerFor(type));
      return accepted(answer.row, path);
    case 'requested':
      return accepted(answer.row, path);
  }
}

const accepted = (row: JobRow, path: string) => new Answer(202, viewOf(row, path) satisfies JobView);

/** What is known of the job if it has no row; undefined if it can then not be in its lane. */
function unseen(request: CancelJobRequest, id: string, acceptedAt: number | undefined, now: Date): Unseen | undefined {
  // a job with another id fails as soon as it is seen
  if (!JOB_ID.test(id)) return undefined;
  try {
    return {
      acceptedAt: whenAccepted(request, acceptedAt, now),
      traceId: sha256(request.requestId).slice(0, 32),
    };
  } catch (thrown) {
    if (thrown instanceof Problem) return undefined;
    throw thrown;
  }
}

function count(row: JobRow, observer: ReturnType<CancelJobTools['observerFor']>): void {
  countCancelled(row, observer);
  observer.flush();
}

import { LONGEST_LANE_SECONDS } from '@spillway/shared/contracts/lane.ts';
import { type Caller, Problem } from './light-function.ts';

/** A request about one job. */
export interface JobRequest extends Caller {
  /** The job id as it is in the path. */
  jobId: string;
  /** Milliseconds since 1970, as the Location of a submit says. */
  acceptedAt: string | undefined;
  /** The path of the request, for the link to the job. */
  path: string;
}

/** The largest `acceptedAt`: 15 digits, so that every one is a time that JavaScript knows. */
export const LATEST_ACCEPTED_AT = 999_999_999_999_999;
const DAY_SECONDS = 86_400;
/** Clocks differ, so a Location can seem to come from the future. */
const CLOCK_SKEW_MS = 60_000;

/** @throws Problem if it is not from one of our Locations */
export function readAcceptedAt(text: string): number {
  const acceptedAt = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (acceptedAt >= 1) return acceptedAt;
  throw new Problem('badParameter', {
    parameter: 'acceptedAt',
    reason: 'pass the one in the Location you were given, in milliseconds since 1970.',
  });
}

/**
 * When a job was accepted that has no row, and so waits in its lane.
 *
 * @throws Problem if that is not known, or if no lane would have kept the job for so long
 */
export function whenAccepted(
  { jobId, type }: Pick<JobRequest, 'jobId' | 'type'>,
  acceptedAt: number | undefined,
  now: Date,
): Date {
  if (acceptedAt === undefined || acceptedAt > now.getTime() + CLOCK_SKEW_MS) {
    throw new Problem('unknownJob', { jobId, type });
  }
  if (now.getTime() - acceptedAt > LONGEST_LANE_SECONDS * 1000) {
    throw new Problem('forgottenJob', { jobId, type, days: LONGEST_LANE_SECONDS / DAY_SECONDS });
  }
  return new Date(acceptedAt);
}

/**
 * The id as the submit's template wrote it. The path parameter may arrive encoded, as it was sent. The two differ only for an
 * invalid id, and the client must be able to see that its job failed.
 */
export function decodedId(jobId: string): string {
  try {
    return decodeURIComponent(jobId);
  } catch (thrown) {
    if (thrown instanceof URIError) return jobId;
    throw thrown;
  }
}

import { inlineJson } from '@spillway/shared/attempt/result.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { LONGEST_LANE_SECONDS } from '@spillway/shared/contracts/lane.ts';
import type { jobReads } from '@spillway/shared/job-store/reads.ts';
import { type JobRow, viewOf } from '@spillway/shared/job-store/row.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';
import { type Caller, Problem } from '../../light-function.ts';

/** The largest `acceptedAt`: 15 digits, so that every one is a time that JavaScript knows. */
export const LATEST_ACCEPTED_AT = 999_999_999_999_999;
const DAY_SECONDS = 86_400;
/** Clocks differ, so a Location can seem to come from the future. */
const CLOCK_SKEW_MS = 60_000;
/**
 * Lambda answers at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a result
 * becomes up to twice as long there: it is JSON within a JSON string, with each quote escaped.
 */
const LONGEST_RESULT_BYTES = 2_500_000;
/**
 * How long a link to a longer result is valid: long enough to follow it, but too short for someone who finds it in a log.
 */
const LINK_SECONDS = 300;

export interface GetJobRequest extends Caller {
  /** The job id as it is in the path. */
  jobId: string;
  /** Milliseconds since 1970, as the Location of a submit says. */
  acceptedAt: string | undefined;
  /** The path of the request, for the link to itself. */
  path: string;
}

export interface GetJobTools {
  reads: Pick<ReturnType<typeof jobReads>, 'get'>;
  payloads: Pick<Objects, 'get' | 'link'>;
  now(): Date;
}

/**
 * Finds a tenant's job.
 *
 * @throws Problem if the job is unknown, or if `acceptedAt` is not from one of our Locations
 */
export async function getJob(request: GetJobRequest, { reads, payloads, now }: GetJobTools): Promise<JobView> {
  const { tenant, type, jobId, path } = request;
  const acceptedAt = request.acceptedAt === undefined ? undefined : readAcceptedAt(request.acceptedAt);
  const row = (await reads.get({ tenant, type, id: jobId })) ?? (await ofEncodedId(request, reads));
  if (row) return withResult(viewOf(row, path), row, payloads);
  if (acceptedAt === undefined || acceptedAt > now().getTime() + CLOCK_SKEW_MS) {
    throw new Problem('unknownJob', { jobId, type });
  }
  if (now().getTime() - acceptedAt > LONGEST_LANE_SECONDS * 1000) {
    throw new Problem('forgottenJob', { jobId, type, days: LONGEST_LANE_SECONDS / DAY_SECONDS });
  }
  return waiting(request, new Date(acceptedAt));
}

/**
 * The path parameter may arrive encoded, as it was sent, while the submit's template wrote the id decoded. The two differ
 * only for an invalid id, and the client must be able to see that its job failed.
 */
async function ofEncodedId({ tenant, type, jobId }: GetJobRequest, reads: GetJobTools['reads']) {
  try {
    const id = decodeURIComponent(jobId);
    return id === jobId ? undefined : await reads.get({ tenant, type, id });
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}

/** The status of a job that was accepted and that no consumer has seen yet. */
function waiting({ jobId, type, path }: GetJobRequest, acceptedAt: Date): JobView {
  const at = acceptedAt.toISOString();
  return {
    jobId,
    type,
    status: 'QUEUED',
    confirmed: false,
    attempts: 0,
    acceptedAt: at,
    history: [{ status: 'QUEUED', at, attempt: 0 }],
    links: { self: `${path}?acceptedAt=${acceptedAt.getTime()}` },
  };
}

function readAcceptedAt(text: string): number {
  const acceptedAt = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (acceptedAt >= 1) return acceptedAt;
  throw new Problem('badParameter', {
    parameter: 'acceptedAt',
    reason: 'pass the one in the Location you were given, in milliseconds since 1970.',
  });
}

async function withResult(job: JobView, { result }: JobRow, payloads: GetJobTools['payloads']): Promise<JobView> {
  if (!result) return job;
  if (!('key' in result)) return { ...job, result: JSON.parse(inlineJson(result)) };
  if (result.bytes > LONGEST_RESULT_BYTES) {
    return { ...job, links: { ...job.links, result: await payloads.link(result.key, LINK_SECONDS) } };
  }
  const json = await payloads.get(result.key);
  if (json === undefined) throw new Error(`the result ${result.key} is not in the payload bucket`);
  return { ...job, result: JSON.parse(json) };
}

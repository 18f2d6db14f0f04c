import { inlineJson } from '@spillway/shared/attempt/result.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import type { jobReads } from '@spillway/shared/job-store/reads.ts';
import { type JobRow, viewOf } from '@spillway/shared/job-store/row.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';
import { decodedId, type JobRequest, readAcceptedAt, whenAccepted } from '../../job-request.ts';

/**
 * Lambda answers at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a result
 * becomes up to twice as long there: it is JSON within a JSON string, with each quote escaped.
 */
const LONGEST_RESULT_BYTES = 2_500_000;
/**
 * How long a link to a longer result is valid: long enough to follow it, but too short for someone who finds it in a log.
 */
const LINK_SECONDS = 300;

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
export async function getJob(request: JobRequest, { reads, payloads, now }: GetJobTools): Promise<JobView> {
  const { tenant, type, jobId, path } = request;
  const acceptedAt = request.acceptedAt === undefined ? undefined : readAcceptedAt(request.acceptedAt);
  const row = (await reads.get({ tenant, type, id: jobId })) ?? (await ofEncodedId(request, reads));
  if (row) return withResult(viewOf(row, path), row, payloads);
  return waiting(request, whenAccepted(request, acceptedAt, now()));
}

async function ofEncodedId({ tenant, type, jobId }: JobRequest, reads: GetJobTools['reads']) {
  const id = decodedId(jobId);
  return id === jobId ? undefined : await reads.get({ tenant, type, id });
}

/** The status of a job that was accepted and that no consumer has seen yet. */
function waiting({ jobId, type, path }: JobRequest, acceptedAt: Date): JobView {
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

import { inlineJson } from '@spillway/shared/attempt/result.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { fileKey, LINK_SECONDS } from '@spillway/shared/contracts/result-file.ts';
import type { jobReads } from '@spillway/shared/job-store/reads.ts';
import { type JobRow, viewOf } from '@spillway/shared/job-store/row.ts';
import { isBelow, resultPrefix } from '@spillway/shared/runtime/lane/archive.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';
import { decodedId, type JobRequest, readAcceptedAt, whenAccepted } from '../../job-request.ts';

/**
 * Lambda answers at most 6 MB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a result
 * becomes up to twice as long there: it is JSON within a JSON string, with each quote escaped.
 */
const LONGEST_RESULT_BYTES = 2_500_000;

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

async function withResult(job: JobView, row: JobRow, payloads: GetJobTools['payloads']): Promise<JobView> {
  const { result } = row;
  if (!result) return job;
  if ('key' in result && result.bytes > LONGEST_RESULT_BYTES) {
    return { ...job, links: { ...job.links, result: await payloads.link(result.key, LINK_SECONDS) } };
  }
  const json = 'key' in result ? await payloads.get(result.key) : inlineJson(result);
  if (json === undefined) throw new Error(`the result of ${row.pk} is not in the payload bucket`);
  return { ...job, result: await withLinks(JSON.parse(json), row, payloads) };
}

/**
 * A result with links to its files. Only to the job's own: a result may repeat what the input says, and must not open the
 * files of another job or tenant.
 */
async function withLinks(result: unknown, row: JobRow, payloads: GetJobTools['payloads']): Promise<unknown> {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result;
  const own = resultPrefix({ tenant: row.tenant, type: row.type, id: row.jobId });
  const fields = Object.entries(result).map(async ([field, value]) => {
    const key = fileKey(value);
    return [field, key && isBelow(own, key) ? await payloads.link(key, LINK_SECONDS) : value];
  });
  return Object.fromEntries(await Promise.all(fields));
}

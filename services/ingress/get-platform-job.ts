import type { JobView } from '@spillway/shared/contracts/job.ts';
import { LINK_SECONDS } from '@spillway/shared/contracts/result-file.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type GetJobTools, getJob } from './functions/api-get-job/get-job.ts';

/**
 * Finds the job that works on many others and that a request names. Its result has links to the records.
 *
 * @throws Problem as {@link getJob}
 */
export async function getPlatformJob(
  { pathParameters, queryStringParameters, requestContext }: APIGatewayProxyEvent,
  { tenant, type }: { tenant: string; type: 'cancel-jobs' | 'replay-jobs' },
  tools: GetJobTools,
): Promise<JobView> {
  const jobId = pathParameters?.jobId ?? '';
  const acceptedAt = queryStringParameters?.acceptedAt;
  const job = await getJob({ tenant, type, jobId, acceptedAt, path: requestContext.path }, tools);
  return withRecords(job, tools.payloads);
}

/** A job of the platform, whose result has keys of records, with a link to each of them instead. */
async function withRecords(job: JobView, payloads: Pick<Objects, 'link'>): Promise<JobView> {
  if (job.result === undefined) return job;
  const { records, ...counts } = job.result as { records: string[] };
  const links = await Promise.all(records.map((key) => payloads.link(key, LINK_SECONDS)));
  return { ...job, result: { ...counts, records: links } };
}

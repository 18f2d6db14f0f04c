import type { JobView } from '@spillway/shared/contracts/job.ts';
import { LINK_SECONDS } from '@spillway/shared/contracts/result-file.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';

/** A job of the platform, whose result has keys of records, with a link to each of them instead. */
export async function withRecords(job: JobView, payloads: Pick<Objects, 'link'>): Promise<JobView> {
  if (job.result === undefined) return job;
  const { records, ...counts } = job.result as { records: string[] };
  const links = await Promise.all(records.map((key) => payloads.link(key, LINK_SECONDS)));
  return { ...job, result: { ...counts, records: links } };
}

import type { JobView } from '@spillway/shared/contracts/job.ts';
import type { ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type replayJobs from '@spillway/shared/contracts/jobs/replay-jobs.ts';
import type { Objects } from '@spillway/shared/runtime/objects.ts';

/** Long enough to follow the link, but too short for someone who finds it in a log. */
const LINK_SECONDS = 300;

/** A replay with a link to each of its records, instead of their keys. */
export async function withRecords(job: JobView, payloads: Pick<Objects, 'link'>): Promise<JobView> {
  if (job.result === undefined) return job;
  const { records, ...counts } = job.result as ResultOf<typeof replayJobs>;
  const links = await Promise.all(records.map((key) => payloads.link(key, LINK_SECONDS)));
  return { ...job, result: { ...counts, records: links } };
}

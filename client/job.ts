import type { Accepted, JobView } from '@spillway/shared/contracts/job.ts';

/** A job: its id, or the answer to its submit, with which it is found before a consumer has seen it. */
export type JobReference = string | Pick<Accepted, 'jobId' | 'links'>;

/** A job with the result of its type. */
export type Job<Result> = Omit<JobView, 'result'> & { result?: Result };

/** Values by search keys. A type without search keys takes none. */
export type Where<SearchKey extends string> = [SearchKey] extends [never]
  ? Record<string, never>
  : { readonly [Key in SearchKey]?: string | number | boolean };

/** What to ask for. The link of a submit's answer has `acceptedAt`. */
export function locate(job: JobReference): { jobId: string; query: string } {
  if (typeof job === 'string') return { jobId: job, query: '' };
  const { self } = job.links;
  const start = self.indexOf('?');
  return { jobId: job.jobId, query: start < 0 ? '' : self.slice(start) };
}

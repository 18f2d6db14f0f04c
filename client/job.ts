import type { Accepted, JobView } from '@spillway/shared/contracts/job.ts';

/** A job: its id, or the answer to its submit, with which it is found before a consumer has seen it. */
export type JobReference = string | Pick<Accepted, 'jobId' | 'links'>;

/** A job with the result of its type. */
export type Job<Result> = Omit<JobView, 'result'> & { result?: Result };

/** Values by fields of an input; of any fields where the type of the input is not known. */
export type Where<Input> = {
  readonly [Field in unknown extends Input ? string : keyof Input]?: string | number | boolean;
};

/** What to ask for. The link of a submit's answer has `acceptedAt`. */
export function locate(job: JobReference): { jobId: string; query: string } {
  if (typeof job === 'string') return { jobId: job, query: '' };
  const { self } = job.links;
  const start = self.indexOf('?');
  return { jobId: job.jobId, query: start < 0 ? '' : self.slice(start) };
}

import type { Job } from '@spillway/shared/attempt/job-code.ts';
import type { InputOf, ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';

export type PostingInput = InputOf<typeof ledgerPosting>;
export type PostingResult = ResultOf<typeof ledgerPosting>;

/** A posting as the ledger keeps it, forever. */
export interface Posting extends PostingInput {
  tenant: string;
  postingId: string;
  /** The job that created it. */
  jobId: string;
  postedAt: string;
}

/** The posting of a job. It is the same in every attempt, except for the time. */
export const postingOf = (
  input: PostingInput,
  job: Pick<Job, 'id' | 'tenant' | 'idempotencyKey'>,
  now: Date,
): Posting => ({
  ...input,
  tenant: job.tenant,
  postingId: job.idempotencyKey('post'),
  jobId: job.id,
  postedAt: now.toISOString(),
});

/** The result of the job. */
export const resultOf = ({ postingId, postedAt, lines }: Posting): PostingResult => ({
  postingId,
  postedAt,
  lines: lines.length,
});

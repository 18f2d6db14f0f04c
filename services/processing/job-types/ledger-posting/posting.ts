import type { Job } from '@spillway/shared/attempt/job.ts';
import type { InputOf, ResultOf } from '@spillway/shared/contracts/job-type.ts';
import type ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';

export type PostingInput = InputOf<typeof ledgerPosting>;
export type PostingResult = ResultOf<typeof ledgerPosting>;

/** A posting as the ledger keeps it, for ever. */
export interface Posting extends PostingInput {
  tenant: string;
  postingId: string;
  /** The job that it came from. */
  jobId: string;
  postedAt: string;
}

/** What a job posts. Every attempt makes the same one, but for the time. */
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

/** What the job answers with. */
export const resultOf = ({ postingId, postedAt, lines }: Posting): PostingResult => ({
  postingId,
  postedAt,
  lines: lines.length,
});

import { randomUUID } from 'node:crypto';
import { CancellationRequest, type Counted } from '@spillway/shared/contracts/cancellation.ts';
import { JOB_ID, RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import type { InputOf, JobType } from '@spillway/shared/contracts/job-type.ts';
import type cancelJobs from '@spillway/shared/contracts/jobs/cancel-jobs.ts';
import { RUN_KINDS } from '@spillway/shared/contracts/run-kinds.ts';
import type { jobMatches } from '@spillway/shared/job-store/matches.ts';
import { dryRun } from '../../dry-run.ts';
import { type Answer, Problem } from '../../light-function.ts';
import { type SendToLane, submitPlatformJob } from '../../platform-jobs.ts';
import { readBody } from '../../request-body.ts';
import { readFilter } from './read-filter.ts';

/** A tenant's request to cancel jobs. */
export interface CreateCancellationRequest {
  tenant: string;
  body: string;
  /** The Idempotency-Key: the same one again is the same cancellation. */
  key: string | undefined;
  requestId: string;
  /** The path of the API's stage. */
  stagePath: string;
}

export interface CreateCancellationTools {
  matches: Pick<ReturnType<typeof jobMatches>, 'count'>;
  send: SendToLane;
  now(): Date;
}

/**
 * Counts a tenant's jobs that would be cancelled, or submits the job that cancels them.
 *
 * @throws Problem if the filter is empty or not valid
 */
export async function createCancellation(
  { tenant, body, key, requestId, stagePath }: CreateCancellationRequest,
  jobType: Pick<JobType, 'name' | 'run' | 'searchKeys' | 'example'>,
  { matches, send, now }: CreateCancellationTools,
): Promise<Counted | Answer> {
  const { filter: given, dryRun: onlyCount } = readBody(CancellationRequest, body, (reason) => refuse(`${reason}.`));
  const { search, ...filter } = readFilter(given, jobType);
  const jobId = readKey(key);
  if (onlyCount) {
    const [from, to] = [filter.from, filter.to].map((time) => (time === undefined ? undefined : new Date(time)));
    const match = { tenant, type: jobType.name, status: filter.status, from, to, search, at: now() };
    return dryRun((enough) => matches.count(match, enough), now);
  }
  const stops = RUN_KINDS[jobType.run].cancel !== 'between-attempts';
  const input: InputOf<typeof cancelJobs> = { type: jobType.name, ...filter, search: [...search], stops };
  return submitPlatformJob({ tenant, jobId, input, requestId, path: `${stagePath}/cancellations` }, send, now());
}

const refuse = (reason: string) => new Problem('cancellationRefused', { reason });

function readKey(key: string | undefined): string {
  if (key === undefined) return randomUUID();
  if (JOB_ID.test(key) && !RESERVED_JOB_IDS.includes(key)) return key;
  throw refuse('Idempotency-Key: use 1 to 64 characters of A-Z, a-z, 0-9, ".", "_" and "-".');
}

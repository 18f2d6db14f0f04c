import { randomUUID } from 'node:crypto';
import { ADMIN_TENANT, ReplayRequest, USUAL_RATE } from '@spillway/shared/contracts/failure.ts';
import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type replayJobs from '@spillway/shared/contracts/jobs/replay-jobs.ts';
import type { failureReads } from '@spillway/shared/job-store/failures.ts';
import { dryRun } from '../../dry-run.ts';
import { Problem } from '../../light-function.ts';
import { type SendToLane, submitPlatformJob } from '../../platform-jobs.ts';
import { readBody } from '../../request-body.ts';
import { isEmptyPeriod, timesOf } from '../api-list-failures/list-failures.ts';

export interface CreateReplayTools {
  reads: Pick<ReturnType<typeof failureReads>, 'count'>;
  send: SendToLane;
  now(): Date;
}

/**
 * Counts what would be replayed, or submits the job that does it.
 *
 * @param types every job type
 * @param caller who sent the request: the id of the request, and the path
 * @throws Problem if the request could not be meant as it is
 */
export async function createReplay(
  body: string,
  types: readonly string[],
  caller: { requestId: string; path: string },
  tools: CreateReplayTools,
): Promise<unknown> {
  const { filter, jobs, dryRun: onlyCount, ratePerSecond = USUAL_RATE, asNewJob } = readRequest(body, types);
  const wanted = filter?.type === undefined ? types : [filter.type];
  if (onlyCount) {
    if (jobs) return { matched: jobs.length };
    const failures = { ...timesOf(filter ?? {}), replayed: false };
    return dryRun((enough) => tools.reads.count(wanted, failures, enough), tools.now);
  }
  const { type: _, ...others } = filter ?? {};
  const input: InputOf<typeof replayJobs> = {
    ...(jobs ? { jobs } : { filter: others, types: [...wanted] }),
    ratePerSecond,
    ...(asNewJob && { asNewJob }),
  };
  const path = caller.path.replace(/\/$/, '');
  const job = { tenant: ADMIN_TENANT, jobId: randomUUID(), input, requestId: caller.requestId, path };
  return submitPlatformJob(job, tools.send, tools.now());
}

/** Reads and checks the body. */
function readRequest(body: string, types: readonly string[]): ReplayRequest {
  const refuse = (reason: string) => new Problem('replayRefused', { reason });
  const data = readBody(ReplayRequest, body, (reason) => refuse(`${reason}.`));
  const { filter, jobs } = data;
  if (!filter === !jobs) throw refuse('Send either filter or jobs.');
  const { replayed, ...conditions } = filter ?? {};
  if (filter && Object.keys(conditions).length === 0) {
    throw refuse('filter: is empty and would replay every failure; name a type, a tenant, a code or a time.');
  }
  if (filter && isEmptyPeriod(filter)) throw refuse('filter.from: must be before filter.to.');
  if (replayed) throw refuse('filter.replayed: what was replayed is not replayed again; leave it out.');
  const unknown = [filter?.type, ...(jobs ?? []).map(({ type }) => type)].find((type) => type && !types.includes(type));
  if (unknown) throw refuse(`There is no job type ${JSON.stringify(unknown)}; use one of ${types.join(', ')}.`);
  return data;
}

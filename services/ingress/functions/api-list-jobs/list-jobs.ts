import {
  JOB_STATUSES,
  type JobList,
  type JobStatus,
  LONGEST_PAGE,
  USUAL_PAGE,
} from '@spillway/shared/contracts/job.ts';
import { CursorError } from '@spillway/shared/job-store/pages.ts';
import type { jobReads, ListQuery } from '@spillway/shared/job-store/reads.ts';
import { summaryOf } from '@spillway/shared/job-store/row.ts';
import { type Caller, Problem } from '../../light-function.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

const KNOWN = ['status', 'cursor', 'limit'];

/**
 * Lists a page of a tenant's jobs of one type.
 *
 * @throws Problem naming the parameter and what to pass instead
 */
export async function listJobs(
  caller: Caller,
  parameters: Parameters,
  reads: Pick<ReturnType<typeof jobReads>, 'list'>,
): Promise<JobList> {
  const query = { ...caller, ...readParameters(parameters) };
  try {
    const { rows, cursor } = await reads.list(query);
    return { jobs: rows.map(summaryOf), ...(cursor && { cursor }) };
  } catch (thrown) {
    if (thrown instanceof CursorError) throw badParameter('cursor', `${thrown.message}.`);
    throw thrown;
  }
}

const badParameter = (parameter: string, reason: string) => new Problem('badParameter', { parameter, reason });

/** Reads and checks the query's parameters. */
export function readParameters(parameters: Parameters): Pick<ListQuery, 'status' | 'cursor' | 'limit'> {
  const unknown = Object.keys(parameters).find((name) => !KNOWN.includes(name));
  if (unknown) throw badParameter(unknown, `there is no such parameter; use ${KNOWN.join(', ')}.`);
  const { status, cursor, limit = String(USUAL_PAGE) } = parameters;
  if (status !== undefined && !(JOB_STATUSES as readonly string[]).includes(status)) {
    throw badParameter('status', `use one of ${JOB_STATUSES.join(', ')}.`);
  }
  const size = Number(limit);
  if (!/^\d+$/.test(limit) || size < 1 || size > LONGEST_PAGE) {
    throw badParameter('limit', `use a whole number from 1 to ${LONGEST_PAGE}.`);
  }
  return { status: status as JobStatus | undefined, cursor, limit: size };
}

import { JOB_STATUSES, type JobList, type JobStatus } from '@spillway/shared/contracts/job.ts';
import { CursorError, type jobReads, type ListQuery } from '@spillway/shared/job-store/reads.ts';
import { summaryOf } from '@spillway/shared/job-store/row.ts';
import type { Caller } from '../../caller.ts';
import { Problem } from '../../problem.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

const MOST = 100;
const USUAL = 50;
const KNOWN = ['status', 'cursor', 'limit'];

/**
 * A page of a tenant's jobs of one type.
 *
 * @throws Problem 400 naming the parameter and the mend
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
    if (thrown instanceof CursorError) throw new Problem(400, `cursor: ${thrown.message}.`);
    throw thrown;
  }
}

/** The query's parameters, checked. */
export function readParameters(parameters: Parameters): Pick<ListQuery, 'status' | 'cursor' | 'limit'> {
  const unknown = Object.keys(parameters).find((name) => !KNOWN.includes(name));
  if (unknown) throw new Problem(400, `${unknown}: there is no such parameter; use ${KNOWN.join(', ')}.`);
  const { status, cursor, limit = String(USUAL) } = parameters;
  if (status !== undefined && !(JOB_STATUSES as readonly string[]).includes(status)) {
    throw new Problem(400, `status: use one of ${JOB_STATUSES.join(', ')}.`);
  }
  const size = Number(limit);
  if (!/^\d+$/.test(limit) || size < 1 || size > MOST) {
    throw new Problem(400, `limit: use a whole number from 1 to ${MOST}.`);
  }
  return { status: status as JobStatus | undefined, cursor, limit: size };
}

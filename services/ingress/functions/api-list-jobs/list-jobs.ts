import {
  JOB_STATUSES,
  type JobList,
  type JobStatus,
  LONGEST_PAGE,
  USUAL_PAGE,
} from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { LIST_PARAMETERS, searchTerm } from '@spillway/shared/contracts/search-keys.ts';
import { CursorError } from '@spillway/shared/job-store/pages.ts';
import type { jobReads, ListQuery } from '@spillway/shared/job-store/reads.ts';
import { summaryOf } from '@spillway/shared/job-store/row.ts';
import { type Caller, Problem } from '../../light-function.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

/** What a list needs. */
interface Tools {
  reads: Pick<ReturnType<typeof jobReads>, 'list'>;
  /** The contract of a job type. It is loaded only for a request with other parameters than those of every list. */
  contractOf(type: string): Promise<Pick<JobType, 'searchKeys' | 'example'>>;
}

/**
 * Lists a page of a tenant's jobs of one type.
 *
 * @throws Problem naming the parameter and what to pass instead
 */
export async function listJobs(caller: Caller, parameters: Parameters, { reads, contractOf }: Tools): Promise<JobList> {
  const fields = Object.keys(parameters).filter((name) => !LIST_PARAMETERS.includes(name));
  const search = fields.length > 0 ? readSearch(await contractOf(caller.type), fields, parameters) : undefined;
  const query = { ...caller, ...readParameters(parameters), search };
  try {
    const { rows, cursor } = await reads.list(query);
    return { jobs: rows.map(summaryOf), ...(cursor && { cursor }) };
  } catch (thrown) {
    if (thrown instanceof CursorError) throw badParameter('cursor', `${thrown.message}.`);
    throw thrown;
  }
}

const badParameter = (parameter: string, reason: string) => new Problem('badParameter', { parameter, reason });

/** Reads the value of a search key, the position of which determines its index. */
export function readSearch(
  jobType: Pick<JobType, 'searchKeys' | 'example'>,
  fields: readonly string[],
  parameters: Parameters,
): NonNullable<ListQuery['search']> {
  const { searchKeys } = jobType;
  const unknown = fields.find((field) => !searchKeys.includes(field));
  if (unknown !== undefined) {
    const known = [...LIST_PARAMETERS, ...searchKeys].join(', ');
    throw badParameter(unknown, `there is no such parameter; use ${known}.`);
  }
  const [field = '', second] = fields;
  if (second !== undefined) throw badParameter(second, `search by one field at a time, here by ${field}.`);
  const term = searchTerm(jobType, field, parameters[field] ?? '');
  if ('rule' in term) throw badParameter(field, `${term.rule}.`);
  return { term, position: searchKeys.indexOf(field) };
}

/** Reads and checks the parameters that every list has. */
export function readParameters(parameters: Parameters): Pick<ListQuery, 'status' | 'cursor' | 'limit'> {
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

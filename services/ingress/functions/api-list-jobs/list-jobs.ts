import { JOB_STATUSES, type JobList, type JobStatus } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { LIST_PARAMETERS, searchTerm } from '@spillway/shared/contracts/search-keys.ts';
import type { jobReads, ListQuery } from '@spillway/shared/job-store/reads.ts';
import { summaryOf } from '@spillway/shared/job-store/row.ts';
import type { Caller } from '../../light-function.ts';
import { badParameter, type Parameters, readLimit, readPage, refuseUnknown } from '../../page-parameters.ts';

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
  const { rows, cursor } = await readPage(() => reads.list(query));
  return { jobs: rows.map(summaryOf), ...(cursor && { cursor }) };
}

/** Reads the value of a search key, the position of which determines its index. */
export function readSearch(
  jobType: Pick<JobType, 'searchKeys' | 'example'>,
  fields: readonly string[],
  parameters: Parameters,
): NonNullable<ListQuery['search']> {
  const { searchKeys } = jobType;
  refuseUnknown(fields, [...LIST_PARAMETERS, ...searchKeys]);
  const [field = '', second] = fields;
  if (second !== undefined) throw badParameter(second, `search by one field at a time, here by ${field}.`);
  const term = searchTerm(jobType, field, parameters[field] ?? '');
  if ('rule' in term) throw badParameter(field, `${term.rule}.`);
  return { term, position: searchKeys.indexOf(field) };
}

/** Reads and checks the parameters that every list has. */
export function readParameters(parameters: Parameters): Pick<ListQuery, 'status' | 'cursor' | 'limit'> {
  const { status, cursor, limit } = parameters;
  if (status !== undefined && !(JOB_STATUSES as readonly string[]).includes(status)) {
    throw badParameter('status', `use one of ${JOB_STATUSES.join(', ')}.`);
  }
  return { status: status as JobStatus | undefined, cursor, limit: readLimit(limit) };
}

import { describeIssues } from '@spillway/shared/attempt/parse.ts';
import { JobFilter } from '@spillway/shared/contracts/cancellation.ts';
import { fit, type JobType } from '@spillway/shared/contracts/job-type.ts';
import { searchTerm } from '@spillway/shared/contracts/search-keys.ts';
import type { JobMatch } from '@spillway/shared/job-store/matches.ts';
import { Problem } from '../../light-function.ts';

const refuse = (reason: string) => new Problem('cancellationRefused', { reason });

/**
 * Reads the filter of a cancellation: a {@link JobFilter} with any of the contract's search keys.
 *
 * @throws Problem naming the field and what to send instead
 */
export function readFilter(
  given: Readonly<Record<string, unknown>>,
  jobType: Pick<JobType, 'searchKeys' | 'example'>,
): JobFilter & Pick<JobMatch, 'search'> {
  const { searchKeys } = jobType;
  const own = Object.keys(JobFilter.shape);
  const known = [...own, ...searchKeys].join(', ');
  const fields = Object.keys(given);
  if (fields.length === 0) throw refuse(`filter: is empty and would cancel every job; use ${known}.`);
  const unknown = fields.find((field) => !own.includes(field) && !searchKeys.includes(field));
  if (unknown !== undefined) throw refuse(`filter.${unknown}: there is no such field; use ${known}.`);
  const { data, error } = fit(JobFilter, pick(given, own));
  if (!data) throw refuse(`filter.${describeIssues(error.issues)}.`);
  const { from, to } = data;
  if (from !== undefined && to !== undefined && new Date(from) >= new Date(to)) {
    throw refuse('filter.from: must be before filter.to.');
  }
  const search = fields.filter((field) => searchKeys.includes(field)).map((field) => readTerm(field, given, jobType));
  return { ...data, search };
}

const pick = (given: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));

function readTerm(
  field: string,
  given: Readonly<Record<string, unknown>>,
  jobType: Pick<JobType, 'searchKeys' | 'example'>,
): JobMatch['search'][number] {
  const value = given[field];
  // a search key's value is stored as text
  const text = ['string', 'number', 'boolean'].includes(typeof value) ? String(value).toWellFormed() : undefined;
  const term = text === undefined ? { rule: 'use one value' } : searchTerm(jobType, field, text);
  if ('rule' in term) throw refuse(`filter.${field}: ${term.rule}.`);
  return { ...term, position: jobType.searchKeys.indexOf(field) };
}

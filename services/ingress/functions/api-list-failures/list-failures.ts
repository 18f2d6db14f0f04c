import { FailureFilter, type FailureList } from '@spillway/shared/contracts/failure.ts';
import { fit } from '@spillway/shared/contracts/job-type.ts';
import type { FailureFilter as Filter, failureReads } from '@spillway/shared/job-store/failures.ts';
import { badParameter, type Parameters, readLimit, readPage, refuseUnknown } from '../../page-parameters.ts';

const KNOWN = [...Object.keys(FailureFilter.shape), 'cursor', 'limit'];
const BOOLEANS: Record<string, boolean> = { true: true, false: false };

/**
 * Lists a page of the failures of all tenants.
 *
 * @param types every job type
 * @throws Problem naming the parameter and what to pass instead
 */
export async function listFailures(
  parameters: Parameters,
  types: readonly string[],
  reads: Pick<ReturnType<typeof failureReads>, 'list'>,
): Promise<FailureList> {
  const { filter, cursor, limit } = readParameters(parameters, types);
  const page = await readPage(() => reads.list(filter.type, timesOf(filter), { cursor, limit }));
  return { failures: page.rows, ...(page.cursor && { cursor: page.cursor }) };
}

/** Reads and checks the query's parameters. */
export function readParameters(parameters: Parameters, types: readonly string[]) {
  refuseUnknown(Object.keys(parameters), KNOWN);
  const { cursor, limit, replayed, ...texts } = parameters;
  if (replayed !== undefined && BOOLEANS[replayed] === undefined) throw badParameter('replayed', 'use true or false.');
  const size = readLimit(limit);
  const given = { ...texts, ...(replayed !== undefined && { replayed: BOOLEANS[replayed] }) };
  const { data, error } = fit(FailureFilter, given);
  if (!data) {
    const [issue] = error.issues;
    throw badParameter(String(issue?.path[0]), `${issue?.message}, such as 2026-03-01T09:30:00Z.`);
  }
  if (data.type !== undefined && !types.includes(data.type))
    throw badParameter('type', `use one of ${types.join(', ')}.`);
  if (isEmptyPeriod(data)) throw badParameter('from', 'must be before to.');
  return { filter: data, cursor, limit: size };
}

/** Whether no failure can be in the period of a filter. */
export const isEmptyPeriod = ({ from, to }: FailureFilter): boolean =>
  from !== undefined && to !== undefined && new Date(from) >= new Date(to);

/** A filter as the index takes it. */
export const timesOf = ({ tenant, code, from, to, replayed }: FailureFilter): Filter => ({
  tenant,
  code,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
  replayed,
});

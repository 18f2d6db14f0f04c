import { FailureFilter, type FailureList } from '@spillway/shared/contracts/failure.ts';
import { LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { fit } from '@spillway/shared/contracts/job-type.ts';
import type { FailureFilter as Filter, failureReads } from '@spillway/shared/job-store/failures.ts';
import { CursorError } from '@spillway/shared/job-store/pages.ts';
import { Problem } from '../../light-function.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

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
  try {
    const page = await reads.list(filter.type === undefined ? types : [filter.type], timesOf(filter), {
      cursor,
      limit,
    });
    return { failures: page.rows, ...(page.cursor && { cursor: page.cursor }) };
  } catch (thrown) {
    if (thrown instanceof CursorError) throw badParameter('cursor', `${thrown.message}.`);
    throw thrown;
  }
}

const badParameter = (parameter: string, reason: string) => new Problem('badParameter', { parameter, reason });

/** Reads and checks the query's parameters. */
export function readParameters(parameters: Parameters, types: readonly string[]) {
  const unknown = Object.keys(parameters).find((name) => !KNOWN.includes(name));
  if (unknown) throw badParameter(unknown, `there is no such parameter; use ${KNOWN.join(', ')}.`);
  const { cursor, limit = String(USUAL_PAGE), replayed, ...texts } = parameters;
  if (replayed !== undefined && BOOLEANS[replayed] === undefined) throw badParameter('replayed', 'use true or false.');
  const size = Number(limit);
  if (!/^\d+$/.test(limit) || size < 1 || size > LONGEST_PAGE) {
    throw badParameter('limit', `use a whole number from 1 to ${LONGEST_PAGE}.`);
  }
  const given = { ...texts, ...(replayed !== undefined && { replayed: BOOLEANS[replayed] }) };
  const { data, error } = fit(FailureFilter, given);
  if (!data) {
    const [issue] = error.issues;
    throw badParameter(String(issue?.path[0]), `${issue?.message}, such as 2026-03-01T09:30:00Z.`);
  }
  if (data.type !== undefined && !types.includes(data.type))
    throw badParameter('type', `use one of ${types.join(', ')}.`);
  return { filter: data, cursor, limit: size };
}

/** A filter as the index takes it. */
export const timesOf = ({ tenant, code, from, to, replayed }: FailureFilter): Filter => ({
  tenant,
  code,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
  replayed,
});

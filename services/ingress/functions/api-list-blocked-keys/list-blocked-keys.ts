import type { BlockedKeyList } from '@spillway/shared/contracts/blocked-key.ts';
import type { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';
import { badParameter, type Parameters, readLimit, readPage, refuseUnknown } from '../../page-parameters.ts';

const KNOWN = ['type', 'tenant', 'cursor', 'limit'];

/**
 * Lists a page of the blocked order keys of all tenants.
 *
 * @param types every job type
 * @throws Problem naming the parameter and what to pass instead
 */
export async function listBlockedKeys(
  parameters: Parameters,
  types: readonly string[],
  reads: Pick<ReturnType<typeof blockedReads>, 'list'>,
): Promise<BlockedKeyList> {
  refuseUnknown(Object.keys(parameters), KNOWN);
  const { type, tenant, cursor, limit } = parameters;
  if (type !== undefined && !types.includes(type)) throw badParameter('type', `use one of ${types.join(', ')}.`);
  const query = { cursor, limit: readLimit(limit) };
  const page = await readPage(() => reads.list(type === undefined ? types : [type], tenant, query));
  return { blockedKeys: page.rows, ...(page.cursor && { cursor: page.cursor }) };
}

import { type Unblocked, UnblockRequest } from '@spillway/shared/contracts/blocked-key.ts';
import type { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';
import { isHeld, type UnblockTools, unblock } from '@spillway/shared/runtime/unblock.ts';
import { Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';

export interface DecideBlockedKeyTools extends UnblockTools {
  reads: Pick<ReturnType<typeof blockedReads>, 'find' | 'rowAt'>;
}

/**
 * Releases or skips a blocked order key.
 *
 * @param types every job type
 * @throws Problem if the request is not valid, or if the key is not blocked (any more)
 */
export async function decideBlockedKey(
  body: string,
  types: readonly string[],
  tools: DecideBlockedKeyTools,
): Promise<Unblocked> {
  const request = readBody(UnblockRequest, body, (reason) => new Problem('badBody', { reason: `${reason}.` }));
  const { tenant, type, key, action } = request;
  if (!types.includes(type)) throw new Problem('badBody', { reason: `type: use one of ${types.join(', ')}.` });
  const found = await tools.reads.find({ tenant, type, key });
  const row = found && (await tools.reads.rowAt(found));
  // the index may be behind the row
  if (row?.blockedKey === undefined) throw new Problem('notBlocked', { key, type, tenant });
  if (action === 'release' && !isHeld(row, tools.now())) {
    throw new Problem('notHeld', { key, jobId: row.jobId, type, tenant });
  }
  const withinSeconds = await unblock(row, action, tools);
  if (withinSeconds === undefined) throw new Problem('notBlocked', { key, type, tenant });
  return { ...request, jobId: row.jobId, withinSeconds };
}

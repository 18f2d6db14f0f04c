import { createHash } from 'node:crypto';

import { sha256 } from '../attempt/digests.ts';
import type { JobIdentity } from '../contracts/job.ts';

/** Ids that the contract refuses still get a row to fail in; very long ones would not fit a key (2,048 bytes). */
const LONGEST_ID_IN_KEY = 256;

/** The row of a job: tenant first, so that no choice of id reaches another tenant's jobs. */
export function jobKey({ tenant, type, id }: JobIdentity): { pk: string } {
  const part = id.length <= LONGEST_ID_IN_KEY ? id : `sha256:${sha256(id)}`;
  return { pk: `${tenant}#${type}#${part}` };
}

/** A list is spread over this many index partitions: each takes 1,000 writes a second on DynamoDB. */
export const LIST_SHARDS = 8;
export const LIST_INDEX = 'by-type';

/** The index partition of one shard of a tenant's list. */
export const listKey = (tenant: string, type: string, shard: number) => `${tenant}#${type}#${shard}`;

/** Where a job stands in its tenant's list: the shard by its id, then by the time it was accepted. */
export function listKeys({ tenant, type, id }: JobIdentity, acceptedAt: Date) {
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % LIST_SHARDS;
  return { listKey: listKey(tenant, type, shard), listSort: `${acceptedAt.toISOString()}#${sha256(id).slice(0, 16)}` };
}

import { createHash } from 'node:crypto';

import { sha256 } from '../attempt/digests.ts';
import type { JobIdentity } from '../contracts/job.ts';

/** A job with an id that the contract refuses still gets a row, but a very long id would not fit a key (2,048 bytes). */
const LONGEST_ID_IN_KEY = 256;

/** The key of a job's row. The tenant comes first, so no choice of id can reach another tenant's jobs. */
export function jobKey({ tenant, type, id }: JobIdentity): { pk: string } {
  const part = id.length <= LONGEST_ID_IN_KEY ? id : `sha256:${sha256(id)}`;
  return { pk: `${tenant}#${type}#${part}` };
}

/** A list is spread over this many index partitions, each of which takes 1,000 writes a second on DynamoDB. */
export const LIST_SHARDS = 8;
/** An index and the attribute that is its partition key; its sort key is `listSort`. Both hold only keys. */
interface ListIndex {
  IndexName: string;
  hash: 'listKey' | 'failedKey';
}

/** All jobs of a tenant and type. */
export const LIST_INDEX: ListIndex = { IndexName: 'by-type', hash: 'listKey' };
/** Only the failed ones: `failedKey` is the row's `listKey`, and other rows do not have it. */
export const FAILED_INDEX: ListIndex = { IndexName: 'failed', hash: 'failedKey' };

/** The index partition of one shard of a tenant's list. */
export const listKey = (tenant: string, type: string, shard: number) => `${tenant}#${type}#${shard}`;

/** A job's position in its tenant's list: the id determines the shard, the time of acceptance the place in it. */
export const listKeys = (job: JobIdentity, acceptedAt: Date) => ({
  listKey: listKeyOf(job),
  listSort: `${acceptedAt.toISOString()}#${sha256(job.id).slice(0, 16)}`,
});

/** The index partition of a job. */
export function listKeyOf({ tenant, type, id }: JobIdentity): string {
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % LIST_SHARDS;
  return listKey(tenant, type, shard);
}

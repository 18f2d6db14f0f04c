import { createHash } from 'node:crypto';
import { sha256 } from '../attempt/digests.ts';
import type { JobIdentity, JobStatus } from '../contracts/job.ts';
import type { ShardedIndex } from './sharded-index.ts';

/** A job with an id that the contract refuses still gets a row, but a very long id would not fit a key (2,048 bytes). */
const LONGEST_ID_IN_KEY = 256;

/** The key of a job's row. The tenant comes first, so no choice of id can reach another tenant's jobs. */
export function jobKey({ tenant, type, id }: JobIdentity): { pk: string } {
  const part = id.length <= LONGEST_ID_IN_KEY ? id : `sha256:${sha256(id)}`;
  return { pk: `${tenant}#${type}#${part}` };
}

/** A list is spread over this many index partitions, each of which takes 1,000 writes a second on DynamoDB. */
export const LIST_SHARDS = 8;
/** All jobs of a tenant and type. Holds only keys. */
export const LIST_INDEX = { IndexName: 'by-type', hash: 'listKey', range: 'listSort' } as const satisfies ShardedIndex;
/** Only the failed ones: `failedKey` is the row's `listKey`, and other rows do not have it. Holds only keys. */
export const FAILED_INDEX = {
  IndexName: 'failed',
  hash: 'failedKey',
  range: 'listSort',
} as const satisfies ShardedIndex;

/** The index that has only the jobs of a status, for those that are too rare to be looked for among all. */
export const STATUS_INDEXES: { readonly [Status in JobStatus]?: ShardedIndex } = { FAILED: FAILED_INDEX };

/** The index partition of one shard of a tenant's list. */
const listKey = (tenant: string, type: string, shard: number) => `${tenant}#${type}#${shard}`;

/** The index partitions of a tenant's list. */
export const listPartitions = (tenant: string, type: string) =>
  Array.from({ length: LIST_SHARDS }, (_, shard) => listKey(tenant, type, shard));

/** A job's position in its tenant's list: the id determines the shard, the time of acceptance the place in it. */
export const listKeys = (job: JobIdentity, acceptedAt: Date) => ({
  listKey: listKeyOf(job),
  listSort: `${acceptedAt.toISOString()}#${sha256(job.id).slice(0, 16)}`,
});

/** The index partition of a job. */
export const listKeyOf = ({ tenant, type, id }: JobIdentity): string => listKey(tenant, type, shardOf(id, LIST_SHARDS));

/** The shard of a text, the same every time. */
export const shardOf = (text: string, shards: number) =>
  createHash('sha256').update(text).digest().readUInt32BE(0) % shards;

/**
 * The failures of a job type, of all tenants, are spread over this many partitions, and so are those of all types together:
 * enough for 16,000 a second, more than lanes can fail. A partition that cannot take more writes would hold up the settling of jobs
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html).
 */
const FAILURE_SHARDS = 16;

/**
 * Every failure of all tenants, by job type and time: of failed and expired jobs, and of parked messages. Other rows are not
 * in it. It holds what failures are filtered by. A type has partitions of its own, so that a storm of failures of another one
 * does not hide its failures.
 */
export const FAILURES_INDEX = {
  IndexName: 'failures',
  hash: 'failureKey',
  range: 'failureSort',
} as const satisfies ShardedIndex;

/** The same of all job types together, so that the newest ones are found by as few queries, however many job types there are. */
export const ALL_FAILURES_INDEX = {
  IndexName: 'all-failures',
  hash: 'failureShard',
  range: 'failureSort',
} as const satisfies ShardedIndex;

/** The index partitions with the failures of a job type. */
export const failurePartitions = (type: string) => ALL_FAILURE_PARTITIONS.map((shard) => `${type}#${shard}`);

/** The partitions of {@link ALL_FAILURES_INDEX}. */
export const ALL_FAILURE_PARTITIONS = Array.from({ length: FAILURE_SHARDS }, (_, shard) => String(shard));

/** The place of a failure in its indexes. @param pk the row's key */
export function failureKeys(pk: string, type: string, failedAt: Date) {
  const failureShard = String(shardOf(pk, FAILURE_SHARDS));
  return {
    failureKey: `${type}#${failureShard}`,
    failureShard,
    failureSort: `${failedAt.toISOString()}#${sha256(pk).slice(0, 16)}`,
  };
}

/** The key of a parked message's row. No job has it, because tenants are never empty. */
export const parkedKey = (job: JobIdentity): { pk: string } => ({ pk: `${PARKED}${jobKey(job).pk}` });
const PARKED = '#parked#';

/** Whether a row is a parked message's, which is not a job. */
export const isParked = ({ pk }: { pk: string }): boolean => pk.startsWith(PARKED);

/**
 * The order keys of a job type that a FAILED job stops, of all tenants: only rows of such jobs are in it. One partition takes
 * a thousand of them a second.
 */
export const BLOCKED_INDEX = {
  IndexName: 'blocked',
  hash: 'blockedType',
  range: 'blockedSort',
} as const satisfies ShardedIndex;

/** A row's place in the index of blocked keys. @param pk the row's key */
export const blockedKeys = (pk: string, type: string, failedAt: Date) => ({
  blockedType: type,
  blockedSort: `${failedAt.toISOString()}#${sha256(pk).slice(0, 16)}`,
});

/** The attributes of a row whose job blocks its order key. Whoever ends the blocking removes them. */
export const BLOCKED_ATTRIBUTES = [
  'blockedType',
  'blockedSort',
  'blockedKey',
  'blockedUntil',
  'blockedReceipt',
] as const;

/**
 * What falls due is spread over this many partitions. A job that waits is written to the index twice, so they take 8,000 jobs
 * a second (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
 */
const DUE_SHARDS = 16;

/** Every row with something that must happen at a later time. Holds only keys; other rows are not in it. */
export const DUE_INDEX = { IndexName: 'due', hash: 'dueKey', range: 'dueSort' } as const satisfies ShardedIndex;

/** The partitions of {@link DUE_INDEX}. */
export const DUE_PARTITIONS = Array.from({ length: DUE_SHARDS }, (_, shard) => `due#${shard}`);

/** A row's place in the due index. @param pk the row's key */
export const dueKeys = (pk: string, at: Date) => ({
  dueKey: `due#${shardOf(pk, DUE_SHARDS)}`,
  dueSort: `${at.toISOString()}#${sha256(pk).slice(0, 16)}`,
});

/** The attributes of a row that waits in the due index. Whoever ends the waiting removes them. */
export const DUE_ATTRIBUTES = ['dueKey', 'dueSort', 'dueKind', 'kept'] as const;

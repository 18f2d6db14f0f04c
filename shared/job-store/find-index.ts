import { sha256 } from '../attempt/digests.ts';
import type { JobIdentity } from '../contracts/job.ts';
import { MOST_SEARCH_KEYS, type SearchTerm } from '../contracts/search-keys.ts';
import { LIST_SHARDS, shardOf } from './keys.ts';
import type { ShardedIndex } from './sharded-index.ts';

/**
 * One index for each position among a contract's search keys. They are sparse: only a job that has a value at a position is
 * in its index. Each holds only keys, which never change, so it is written once per job.
 */
export const FIND_INDEXES = Array.from({ length: MOST_SEARCH_KEYS }, (_, position) => ({
  IndexName: `find-${position + 1}`,
  hash: `find${position + 1}`,
  range: 'listSort',
})) satisfies ShardedIndex[];

/** A longer value is found by its digest. With a tenant and a type before it, it fits an index key (2,048 bytes). */
const LONGEST_VALUE_BYTES = 512;

/** All jobs of a tenant and type with a value. The name of the field keeps keys apart when a contract reorders them. */
function findKey(tenant: string, type: string, { field, value }: SearchTerm): string {
  const fits = Buffer.byteLength(value) <= LONGEST_VALUE_BYTES;
  return `${tenant}#${type}#${field}${fits ? `=${value}` : `~${sha256(value)}`}`;
}

/**
 * The index partitions with the jobs that have a value. A value may be that of every job, such as `true`, so its jobs are
 * spread like those of a list.
 */
export const findPartitions = (tenant: string, type: string, term: SearchTerm) =>
  Array.from({ length: LIST_SHARDS }, (_, shard) => `${findKey(tenant, type, term)}#${shard}`);

/** The places of a job in the indexes. Their order within a partition is that of a list. */
export const findKeys = (
  { tenant, type, id }: JobIdentity,
  terms: readonly (SearchTerm | undefined)[],
): Record<string, string> =>
  Object.fromEntries(
    FIND_INDEXES.flatMap(({ hash }, position) => {
      const term = terms[position];
      return term ? [[hash, `${findKey(tenant, type, term)}#${shardOf(id, LIST_SHARDS)}`]] : [];
    }),
  );

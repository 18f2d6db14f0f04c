import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Cancellable, isCancellable } from '../contracts/cancellation.ts';
import type { JobStatus } from '../contracts/job.ts';
import type { SearchTerm } from '../contracts/search-keys.ts';
import { FIND_INDEXES, findKeys, findPartitions } from './find-index.ts';
import { LIST_INDEX, listPartitions } from './keys.ts';
import type { JobRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { after, type ShardedIndex, shardedIndex } from './sharded-index.ts';

/** Which jobs of a tenant to find. A field that is absent excludes nothing. */
export interface JobMatch {
  tenant: string;
  type: string;
  /** Their status at `at`. */
  status?: Cancellable | undefined;
  /** Accepted at this time or later. */
  from?: Date | undefined;
  /** Accepted before this time. */
  to?: Date | undefined;
  /** They have all of these values, each with the position of its field among the contract's search keys. */
  search: readonly (SearchTerm & { position: number })[];
  /** The moment that is asked about. Later jobs are not found. */
  at: Date;
}

/** What is read of a row; the last ones are its places in the indexes of search keys. */
const READ = ['jobId', 'status', 'history', 'listSort', 'find1', 'find2', 'find3'] as const;
type FoundRow = JobRow & { find1?: string; find2?: string; find3?: string };
type MatchedRow = Pick<FoundRow, (typeof READ)[number]>;

/** Some entries of an index that were looked at, oldest first, and the rows among them that match. */
export interface MatchedChunk {
  rows: MatchedRow[];
  /** How many entries were looked at. */
  lookedAt: number;
  /** Where the next chunk begins. */
  position: string;
}

/** A chunk of this many entries is about 1 MB of them, in a few calls. */
const ENTRIES_TO_COUNT = 4000;

/**
 * The status that a job had at a time: the one that it entered last before. A job that no consumer had seen by then was
 * QUEUED in its lane.
 */
export const statusAt = ({ history }: Pick<JobRow, 'history'>, at: Date): JobStatus =>
  history.findLast((entered) => entered.at <= at.toISOString())?.status ?? 'QUEUED';

/** Finds the jobs of a tenant that had no outcome at some moment. */
export function jobMatches(dynamo: DynamoDBDocumentClient, table: string) {
  /** The jobs that match, in chunks, oldest first. @param from behind this position */
  async function* oldestFirst(match: JobMatch, from?: string): AsyncGenerator<MatchedChunk> {
    const { index, partitions } = placeOf(match);
    const bounds = boundsOf(match);
    const low = from === undefined ? bounds.low : after(from);
    const chunks = shardedIndex(dynamo, table, index).chunks({
      partitions,
      order: 'oldest',
      low,
      high: bounds.high,
      size: KEYS_A_CALL,
    });
    for await (const { chunk } of chunks) {
      const rows = await readRows<FoundRow, (typeof READ)[number]>(dynamo, table, chunk, READ);
      yield {
        rows: rows.filter((row) => fits(row, match)),
        lookedAt: chunk.length,
        position: String(chunk.at(-1)?.listSort),
      };
    }
  }

  /**
   * Counts the jobs that match.
   *
   * @param enough whether to stop: it is asked after each chunk
   * @returns also whether all were counted
   */
  async function count(match: JobMatch, enough: () => boolean): Promise<{ matched: number; complete: boolean }> {
    let matched = 0;
    for await (const { rows } of oldestFirst(match)) {
      matched += rows.length;
      if (enough()) return { matched, complete: false };
    }
    return { matched, complete: true };
  }

  /** How many entries {@link oldestFirst} looks at. This reads the index, but no rows. */
  async function countEntries(match: JobMatch): Promise<number> {
    const { index, partitions } = placeOf(match);
    const walk = { partitions, order: 'oldest', ...boundsOf(match), size: ENTRIES_TO_COUNT } as const;
    let entries = 0;
    for await (const { chunk } of shardedIndex(dynamo, table, index).chunks(walk)) entries += chunk.length;
    return entries;
  }

  return { oldestFirst, count, countEntries };
}

/** The index in which the fewest jobs have to be looked at. */
function placeOf({ tenant, type, search: [first] }: JobMatch): { index: ShardedIndex; partitions: string[] } {
  const index = first && FIND_INDEXES[first.position];
  if (first && index) return { index, partitions: findPartitions(tenant, type, first) };
  return { index: LIST_INDEX, partitions: listPartitions(tenant, type) };
}

/** The positions of the jobs that were accepted in time. The positions of a moment start with it, and go on with `#`. */
function boundsOf({ from, to, at }: JobMatch) {
  const end = to !== undefined && to < at ? to : at;
  return { low: from?.toISOString(), high: end.toISOString() };
}

function fits(row: MatchedRow, { tenant, type, search, status, at }: JobMatch): boolean {
  const then = statusAt(row, at);
  if (!isCancellable(then) || (status !== undefined && then !== status)) return false;
  return search.every(({ position, ...term }) => {
    const terms = FIND_INDEXES.map((_, index) => (index === position ? term : undefined));
    const wanted = findKeys({ tenant, type, id: row.jobId }, terms);
    return Object.entries(wanted).every(([hash, key]) => row[hash as 'find1'] === key);
  });
}

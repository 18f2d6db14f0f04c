import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Failure } from '../contracts/failure.ts';
import type { JobIdentity } from '../contracts/job.ts';
import {
  ALL_FAILURE_PARTITIONS,
  ALL_FAILURES_INDEX,
  FAILURES_INDEX,
  failurePartitions,
  isParked,
  jobKey,
  parkedKey,
} from './keys.ts';
import { fillPage, type Page, readCursor } from './pages.ts';
import type { JobRow, ParkedRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { after, before, type IndexEntry, shardedIndex } from './sharded-index.ts';

/** Which failures to find. A field that is absent excludes nothing. */
export interface FailureFilter {
  tenant?: string | undefined;
  code?: string | undefined;
  /** From this time on. */
  from?: Date | undefined;
  /** Before this time. */
  to?: Date | undefined;
  replayed?: boolean | undefined;
}

/** A failure in its index, with what it is filtered by. */
export interface FailureEntry extends IndexEntry {
  failureSort: string;
  failureCode: string;
  replayedAt?: string;
}

const SHOWN = [
  'tenant',
  'type',
  'jobId',
  'error',
  'failures',
  'failureCode',
  'failureSort',
  'replayedAt',
  'replayedAs',
] as const satisfies (keyof JobRow)[];
type ShownRow = Pick<JobRow, (typeof SHOWN)[number]>;

/** The reads of the failures of all tenants. Only operators may use them. */
export function failureReads(dynamo: DynamoDBDocumentClient, table: string) {
  const ofType = shardedIndex(dynamo, table, FAILURES_INDEX);
  const ofAll = shardedIndex(dynamo, table, ALL_FAILURES_INDEX);

  /**
   * The failures that fit a filter, newest first.
   *
   * @param type of this job type; undefined for those of all
   * @throws CursorError if the cursor is not one of ours
   */
  async function list(
    type: string | undefined,
    filter: FailureFilter,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<Failure>> {
    const { low, high } = bounds(filter);
    const [index, partitions] =
      type === undefined ? [ofAll, ALL_FAILURE_PARTITIONS] : [ofType, failurePartitions(type)];
    const walk = index.chunks({
      partitions,
      order: 'newest',
      low,
      high: cursor === undefined ? high : earlier(before(readCursor(cursor)), high),
      size: KEYS_A_CALL,
    });
    const page = await fillPage<ShownRow>(
      walk,
      limit,
      ({ failureSort }) => String(failureSort),
      (entries) => readRows<JobRow, (typeof SHOWN)[number]>(dynamo, table, entries.filter(fits(filter)), SHOWN),
    );
    return { ...page, rows: page.rows.map(failureOf) };
  }

  /**
   * The failures of a job type that fit a filter, in chunks, the oldest first. So the jobs of an order key come in their order.
   *
   * @param from behind this position, which is the `failureSort` of an entry
   */
  async function* oldestFirst(type: string, filter: FailureFilter, from?: string): AsyncGenerator<FailureEntry[]> {
    const { low, high } = bounds(filter);
    const partitions = failurePartitions(type);
    const walk = ofType.chunks({
      partitions,
      order: 'oldest',
      low: from ? after(from) : low,
      high,
      size: ENTRIES_A_CHUNK,
    });
    for await (const { chunk } of walk) yield (chunk as FailureEntry[]).filter(fits(filter));
  }

  /**
   * Counts the failures of some job types that fit a filter.
   *
   * @param enough whether to stop: it is asked after each chunk
   * @returns also whether all were counted
   */
  async function count(types: readonly string[], filter: FailureFilter, enough: () => boolean) {
    let matched = 0;
    for (const type of types) {
      for await (const entries of oldestFirst(type, filter)) {
        matched += entries.length;
        if (enough()) return { matched, complete: false };
      }
    }
    return { matched, complete: true };
  }

  /** The jobs of up to 100 entries, in their order, without those whose rows have expired. */
  async function jobsOf(entries: readonly { pk: string }[]): Promise<(JobIdentity & { parked: boolean })[]> {
    const rows = await readRows<JobRow, 'pk' | 'tenant' | 'type' | 'jobId'>(dynamo, table, entries, [
      'pk',
      'tenant',
      'type',
      'jobId',
    ]);
    return rows.map((row) => ({ tenant: row.tenant, type: row.type, id: row.jobId, parked: isParked(row) }));
  }

  /** The row of a job, and that of its message if it was parked. Both reads are consistent. */
  async function rowsOf(job: JobIdentity): Promise<{ row: JobRow | undefined; parked: ParkedRow | undefined }> {
    const get = async (Key: { pk: string }) =>
      (await dynamo.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
    const [row, parked] = await Promise.all([get(jobKey(job)), get(parkedKey(job))]);
    return { row: row as JobRow | undefined, parked: parked as ParkedRow | undefined };
  }

  return { list, oldestFirst, count, jobsOf, rowsOf };
}

/** A chunk of this many entries is about 1 MB of them, in a few calls. */
const ENTRIES_A_CHUNK = 4000;

/** The positions between which the failures of a time are. The positions of a moment start with it, and go on with `#`. */
const bounds = ({ from, to }: FailureFilter) => ({ low: from?.toISOString(), high: to?.toISOString() });

const earlier = (a: string, b: string | undefined) => (b === undefined || a < b ? a : b);

const fits =
  ({ tenant, code, replayed }: FailureFilter) =>
  (entry: IndexEntry): boolean =>
    (tenant === undefined || entry.pk.replace(/^#parked#/, '').startsWith(`${tenant}#`)) &&
    (code === undefined || entry.failureCode === code) &&
    (replayed === undefined || (entry.replayedAt !== undefined) === replayed);

/** The time at a position of the index. */
const timeAt = (failureSort: string) => failureSort.slice(0, failureSort.indexOf('#'));

/** A row as a failure. After a replay as the same job, the row's own error is a newer one. */
export function failureOf({
  tenant,
  type,
  jobId,
  error,
  failures,
  failureCode,
  failureSort,
  replayedAt,
  replayedAs,
}: ShownRow): Failure {
  const failed = replayedAt === undefined || replayedAs !== undefined ? error : (failures?.at(-1)?.error ?? error);
  return {
    tenant,
    type,
    jobId,
    code: failureCode ?? '',
    message: failed?.message ?? '',
    failedAt: timeAt(failureSort ?? ''),
    ...(replayedAt !== undefined && { replayedAt }),
    ...(replayedAs !== undefined && { replayedAs }),
  };
}

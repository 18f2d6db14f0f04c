import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { CURSOR, type JobIdentity, type JobStatus } from '../contracts/job.ts';
import { FAILED_INDEX, jobKey, LIST_INDEX, LIST_SHARDS, listKey } from './keys.ts';
import type { JobRow, ListedRow } from './row.ts';

/** Not a valid cursor. A cursor from another list is accepted: it is only a position in time. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'INVALID_CURSOR';
}

/** About this many rows are read for a page, in a second or less; a page of a rare status may stay short. */
const MOST_ROWS = 1000;
/** How much more than its average share of a page is read from each shard, so that few pages need a second round. */
const SHARE = 2;
/** BatchGetItem takes at most 100 keys: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_A_CALL = 100;
/** How often keys that DynamoDB did not process are asked for again. The wait doubles from 20 ms. */
const TRIES = 6;
const FIRST_WAIT_MS = 20;

export interface ListQuery {
  tenant: string;
  type: string;
  status?: JobStatus | undefined;
  cursor?: string | undefined;
  /** 1 to 100. */
  limit: number;
}

/** An entry of an index: the position of a row in its list. */
interface Entry {
  pk: string;
  listSort: string;
}

/** Only what a list shows. */
const LISTED: (keyof ListedRow | 'pk')[] = [
  'pk',
  'jobId',
  'type',
  'status',
  'attempt',
  'acceptedAt',
  'settledAt',
  'listSort',
];

/** The reads of the jobs table. Every read names its tenant. */
export function jobReads(dynamo: DynamoDBDocumentClient, table: string) {
  /** A consistent read, so that it sees what a consumer has just written. */
  async function get(job: JobIdentity): Promise<JobRow | undefined> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: jobKey(job), ConsistentRead: true }));
    return Item as JobRow | undefined;
  }

  async function shardPage(
    { tenant, type, status }: ListQuery,
    shard: number,
    before: string | undefined,
    size: number,
  ) {
    const { IndexName, hash } = status === 'FAILED' ? FAILED_INDEX : LIST_INDEX;
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${hash} = :key${before === undefined ? '' : ' AND listSort < :before'}`,
        ExpressionAttributeValues: {
          ':key': listKey(tenant, type, shard),
          ...(before !== undefined && { ':before': before }),
        },
        ScanIndexForward: false,
        Limit: size,
      }),
    );
    return { entries: Items as Entry[], readTo: LastEvaluatedKey?.listSort as string | undefined };
  }

  /** Reads every shard from the same position. @returns the newest entries, and the position down to which they are complete */
  async function readShards(query: ListQuery, before: string | undefined, size: number) {
    const pages = await Promise.all(
      Array.from({ length: LIST_SHARDS }, (_, shard) => shardPage(query, shard, before, size)),
    );
    // all shards have been read down to the highest position at which one of them stopped
    const complete = pages.map(({ readTo }) => readTo ?? '').reduce((a, b) => (a > b ? a : b));
    const entries = pages
      .flatMap((page) => page.entries)
      .filter(({ listSort }) => listSort >= complete)
      .sort((a, b) => (a.listSort < b.listSort ? 1 : -1));
    return { entries, complete };
  }

  /**
   * Reads the rows of up to 100 entries, in their order, without those that have expired.
   *
   * @throws Error if DynamoDB does not process all keys in time, which it may refuse under load
   */
  async function rowsOf(entries: readonly Entry[]): Promise<ListedRow[]> {
    const rows = new Map<string, ListedRow>();
    let keys: Record<string, unknown>[] = entries.map(({ pk }) => ({ pk }));
    for (let tries = 0; keys.length > 0; tries += 1) {
      if (tries === TRIES) throw new Error(`DynamoDB did not process ${keys.length} keys of a list in ${TRIES} tries`);
      if (tries > 0) await sleep(FIRST_WAIT_MS * 2 ** (tries - 1));
      const { Responses, UnprocessedKeys } = await dynamo.send(
        new BatchGetCommand({
          RequestItems: {
            [table]: {
              Keys: keys,
              ProjectionExpression: LISTED.map((name) => `#${name}`).join(', '),
              ExpressionAttributeNames: Object.fromEntries(LISTED.map((name) => [`#${name}`, name])),
            },
          },
        }),
      );
      for (const row of Responses?.[table] ?? []) rows.set(row.pk, row as ListedRow);
      keys = UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return entries.flatMap(({ pk }) => rows.get(pk) ?? []);
  }

  /** The entries of a list, newest first, in chunks of a size, and whether there are more behind a chunk. */
  async function* chunksOf(query: ListQuery, from: string | undefined, size: number) {
    for (let before = from; ; ) {
      const { entries, complete } = await readShards(query, before, Math.ceil((SHARE * size) / LIST_SHARDS));
      while (entries.length > 0) {
        const chunk = entries.splice(0, size);
        yield { chunk, more: entries.length > 0 || complete !== '' };
      }
      if (complete === '') return;
      before = complete;
    }
  }

  /**
   * A tenant's jobs of one type, newest first. The index holds only what never changes about a job, so that only its first
   * write costs more; the rest comes from the rows. Each round reads the entries of all shards down to where the first shard
   * stopped, and then their rows until the page is full. The next round continues from there. Failed jobs have an index of
   * their own; other statuses are common, or are those of the newest jobs.
   *
   * @throws CursorError if the cursor is not one of ours
   */
  async function list(query: ListQuery): Promise<{ rows: ListedRow[]; cursor?: string }> {
    const { status, limit } = query;
    const from = query.cursor === undefined ? undefined : readCursor(query.cursor);
    // if the index has only jobs of this status, no more rows are read than listed
    const size = status === undefined || status === 'FAILED' ? limit : KEYS_A_CALL;
    const found: ListedRow[] = [];
    let readRows = 0;
    for await (const { chunk, more } of chunksOf(query, from, size)) {
      const rows = (await rowsOf(chunk)).filter(hasStatus(status));
      const room = limit - found.length;
      found.push(...rows.slice(0, room));
      readRows += chunk.length;
      if (rows.length > room) return pageBefore(found, found);
      if (more && (rows.length === room || readRows >= MOST_ROWS)) return pageBefore(found, chunk);
    }
    return { rows: found };
  }

  return { get, list };
}

const hasStatus = (status: JobStatus | undefined) => (row: ListedRow) => status === undefined || row.status === status;

/** A page that is followed by the jobs behind the last one that was looked at. */
const pageBefore = (rows: ListedRow[], lookedAt: readonly Entry[] | readonly ListedRow[]) => ({
  rows,
  cursor: writeCursor(lookedAt.at(-1)?.listSort ?? ''),
});

/** `2026-03-01T09:30:00.000Z#0123…` → `20260301T093000000Z-0123…`: a position that needs no escaping in a URL. */
const writeCursor = (listSort: string) => listSort.replace(/[-:.]/g, '').replace('#', '-');

function readCursor(cursor: string): string {
  if (!CURSOR.test(cursor)) throw new CursorError('pass the cursor of the previous page, unchanged');
  return cursor.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\w+)$/, '$1-$2-$3T$4:$5:$6.$7Z#$8');
}

import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { JobIdentity, JobStatus } from '../contracts/job.ts';
import { jobKey, LIST_INDEX, LIST_SHARDS, listKey } from './keys.ts';
import type { JobRow, ListedRow } from './row.ts';

/** Not a valid cursor. A cursor from another list is accepted: it is only a position in time. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'INVALID_CURSOR';
}

/** At most this many rounds over the shards fill a page; a page of a rare status may stay short. */
const ROUNDS = 5;

export interface ListQuery {
  tenant: string;
  type: string;
  status?: JobStatus | undefined;
  cursor?: string | undefined;
  /** 1 to 100. */
  limit: number;
}

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
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        IndexName: LIST_INDEX,
        KeyConditionExpression: `listKey = :key${before === undefined ? '' : ' AND listSort < :before'}`,
        ...(status && { FilterExpression: '#status = :status', ExpressionAttributeNames: { '#status': 'status' } }),
        ExpressionAttributeValues: {
          ':key': listKey(tenant, type, shard),
          ...(before !== undefined && { ':before': before }),
          ...(status && { ':status': status }),
        },
        ScanIndexForward: false,
        Limit: size,
      }),
    );
    return { rows: Items as ListedRow[], readTo: LastEvaluatedKey?.listSort as string | undefined };
  }

  /**
   * A tenant's jobs of one type, newest first. Each round reads every shard from the same position. The list is known to be
   * complete down to where the first shard stopped; the next round continues from there.
   *
   * @throws CursorError if the cursor is not one of ours
   */
  async function list(query: ListQuery): Promise<{ rows: ListedRow[]; cursor?: string }> {
    const rows: ListedRow[] = [];
    let before = query.cursor === undefined ? undefined : readCursor(query.cursor);
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = before;
      const pages = await Promise.all(
        Array.from({ length: LIST_SHARDS }, (_, shard) => shardPage(query, shard, from, query.limit)),
      );
      // all shards have been read down to the highest position at which one of them stopped
      const complete = pages.map(({ readTo }) => readTo ?? '').reduce((a, b) => (a > b ? a : b));
      const known = pages
        .flatMap((page) => page.rows)
        .filter(({ listSort }) => listSort >= complete)
        .sort((a, b) => (a.listSort < b.listSort ? 1 : -1));
      const room = query.limit - rows.length;
      rows.push(...known.slice(0, room));
      const last = rows.at(-1);
      if (known.length > room && last) return { rows, cursor: writeCursor(last.listSort) };
      if (complete === '') return { rows };
      before = complete;
      if (rows.length === query.limit) break;
    }
    return { rows, ...(before !== undefined && { cursor: writeCursor(before) }) };
  }

  return { get, list };
}

const LIST_SORT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{16}$/;

const writeCursor = (listSort: string) => Buffer.from(listSort).toString('base64url');

function readCursor(cursor: string): string {
  const listSort = Buffer.from(cursor, 'base64url').toString();
  if (!LIST_SORT.test(listSort)) throw new CursorError('pass the cursor of the previous page, unchanged');
  return listSort;
}

import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { JobIdentity, JobStatus } from '../contracts/job.ts';
import type { SearchTerm } from '../contracts/search-keys.ts';
import { FIND_INDEXES, findPartitions } from './find-index.ts';
import { jobKey, LIST_INDEX, listPartitions, STATUS_INDEXES } from './keys.ts';
import { fillPage, type Page, readCursor } from './pages.ts';
import type { JobRow, ListedRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { before, shardedIndex } from './sharded-index.ts';

export interface ListQuery {
  tenant: string;
  type: string;
  status?: JobStatus | undefined;
  /** Only jobs with this value, and the position of its field among the contract's search keys. */
  search?: { term: SearchTerm; position: number } | undefined;
  cursor?: string | undefined;
  /** 1 to 100. */
  limit: number;
}

/** Only what a list shows. */
const LISTED = ['jobId', 'type', 'status', 'attempt', 'attemptsBefore', 'acceptedAt', 'settledAt', 'listSort'] as const;

/** The reads of the jobs table. Every read names its tenant. */
export function jobReads(dynamo: DynamoDBDocumentClient, table: string) {
  /** A consistent read, so that it sees what a consumer has just written. */
  async function get(job: JobIdentity): Promise<JobRow | undefined> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: jobKey(job), ConsistentRead: true }));
    return Item as JobRow | undefined;
  }

  /**
   * A tenant's jobs of one type, newest first. The index holds only what never changes about a job, so that only its first
   * write costs more; the rest comes from the rows. Failed jobs have an index of their own; other statuses are common, or
   * are those of the newest jobs.
   *
   * @throws CursorError if the cursor is not one of ours
   */
  async function list(query: ListQuery): Promise<Page<ListedRow>> {
    const { status, cursor, limit } = query;
    const { index, partitions, holdsOthers } = placeOf(query);
    const chunks = shardedIndex(dynamo, table, index).chunks({
      partitions,
      order: 'newest',
      high: cursor === undefined ? undefined : before(readCursor(cursor)),
      // if the index has only what is listed, no more rows are read than listed
      size: holdsOthers ? KEYS_A_CALL : limit,
    });
    return fillPage<ListedRow>(
      chunks,
      limit,
      ({ listSort }) => String(listSort),
      async (entries) => {
        const rows: ListedRow[] = await readRows<JobRow, (typeof LISTED)[number]>(dynamo, table, entries, LISTED);
        return rows.filter((row) => status === undefined || row.status === status);
      },
    );
  }

  return { get, list };
}

/** The index of a list and its partitions, and whether jobs in another status are in them. */
function placeOf({ tenant, type, status, search }: ListQuery) {
  if (search) {
    const index = FIND_INDEXES[search.position];
    if (!index) throw new Error(`there is no index for search key ${search.position}`);
    return { index, partitions: findPartitions(tenant, type, search.term), holdsOthers: status !== undefined };
  }
  const ofStatus = status && STATUS_INDEXES[status];
  return {
    index: ofStatus ?? LIST_INDEX,
    partitions: listPartitions(tenant, type),
    holdsOthers: status !== undefined && !ofStatus,
  };
}

import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { BlockedKey } from '../contracts/blocked-key.ts';
import { BLOCKED_INDEX } from './keys.ts';
import { fillPage, type Page, readCursor } from './pages.ts';
import type { JobRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { before, type IndexEntry, shardedIndex } from './sharded-index.ts';

const READ = [
  'tenant',
  'type',
  'jobId',
  'status',
  'error',
  'settledAt',
  'blockedKey',
  'blockedSort',
  'blockedUntil',
] as const satisfies (keyof JobRow)[];
type BlockedRow = Pick<JobRow, (typeof READ)[number]>;

/** Entries are small, so few calls find one among thousands. */
const ENTRIES_A_CHUNK = 1000;

/** The reads of the order keys that jobs block, of all tenants. Only operators may use them. */
export function blockedReads(dynamo: DynamoDBDocumentClient, table: string) {
  const { chunks } = shardedIndex(dynamo, table, BLOCKED_INDEX);

  /**
   * The blocked keys of some job types; those that failed last come first.
   *
   * @param tenant only those of this tenant
   * @throws CursorError if the cursor is not one of ours
   */
  async function list(
    types: readonly string[],
    tenant: string | undefined,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<Page<BlockedKey>> {
    const high = cursor === undefined ? undefined : before(readCursor(cursor));
    const page = await fillPage<BlockedRow>(
      chunks({ partitions: types, order: 'newest', high, size: KEYS_A_CALL }),
      limit,
      ({ blockedSort }) => String(blockedSort),
      async (entries) => {
        const wanted = entries.filter((entry) => tenant === undefined || isOf(entry, tenant));
        const rows = await readRows<JobRow, (typeof READ)[number]>(dynamo, table, wanted, READ);
        // the index may be behind the rows
        return rows.filter(({ blockedKey }) => blockedKey !== undefined);
      },
    );
    return { ...page, rows: page.rows.map(blockedKeyOf) };
  }

  /** The key of the row of the job that blocks an order key. */
  async function find(key: Pick<BlockedKey, 'tenant' | 'type' | 'key'>): Promise<{ pk: string } | undefined> {
    for await (const { chunk } of chunks({ partitions: [key.type], order: 'newest', size: ENTRIES_A_CHUNK })) {
      const found = chunk.find((entry) => entry.blockedKey === key.key && isOf(entry, key.tenant));
      if (found) return found;
    }
    return undefined;
  }

  /** The whole row, as it is now. */
  async function rowAt({ pk }: { pk: string }): Promise<JobRow | undefined> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }));
    return Item as JobRow | undefined;
  }

  return { list, find, rowAt };
}

const isOf = ({ pk }: IndexEntry, tenant: string) => pk.startsWith(`${tenant}#`);

const blockedKeyOf = (row: BlockedRow): BlockedKey => ({
  tenant: row.tenant,
  type: row.type,
  key: row.blockedKey ?? '',
  jobId: row.jobId,
  code: row.error?.code ?? '',
  message: row.error?.message ?? '',
  failedAt: row.settledAt ?? '',
  heldUntil: row.blockedUntil ?? '',
});

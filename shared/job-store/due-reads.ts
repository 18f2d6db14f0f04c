import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DueReference } from '../attempt/due-time.ts';
import { tickBounds } from './due-places.ts';
import { DUE_INDEX, DUE_PARTITIONS } from './keys.ts';
import type { JobRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { shardedIndex } from './sharded-index.ts';

/** About 500 KB of keys at once, which become 16 messages with references. */
const REFERENCES_AT_ONCE = 4000;

const SHOWN = [
  'tenant',
  'type',
  'jobId',
  'status',
  'attempt',
  'runAfter',
  'startBy',
  'kept',
  'dueSort',
  'dueKind',
  'history',
] as const satisfies (keyof JobRow)[];

/** What happens to a row when it falls due needs this of it. */
export type DueRow = Pick<JobRow, 'pk' | (typeof SHOWN)[number]>;

/** The reads of what falls due. */
export function dueReads(dynamo: DynamoDBDocumentClient, table: string) {
  const { chunks } = shardedIndex(dynamo, table, DUE_INDEX);

  async function* between(bounds: { low?: string; high: string }): AsyncGenerator<DueReference[]> {
    const walk = { partitions: DUE_PARTITIONS, order: 'oldest', size: REFERENCES_AT_ONCE, ...bounds } as const;
    for await (const { chunk } of chunks(walk))
      yield chunk.map(({ pk, dueSort }) => ({ pk, dueSort: String(dueSort) }));
  }

  /**
   * The rows that are still at the places that references name. The others have been handled or moved. The reads are
   * consistent: a reference may arrive as soon as its row is written.
   */
  async function rowsAt(references: readonly DueReference[]): Promise<DueRow[]> {
    const places = new Set(references.map(placeOf));
    const keys = [...new Set(references.map(({ pk }) => pk))].map((pk) => ({ pk }));
    const rows: DueRow[] = [];
    for (let from = 0; from < keys.length; from += KEYS_A_CALL) {
      const part = keys.slice(from, from + KEYS_A_CALL);
      rows.push(
        ...(await readRows<JobRow, 'pk' | (typeof SHOWN)[number]>(dynamo, table, part, ['pk', ...SHOWN], true)),
      );
    }
    return rows.filter((row) => places.has(placeOf(row)));
  }

  return {
    /** What falls due in the minute that the tick of a minute looks after. */
    ahead: (minute: Date) => between(tickBounds(minute).ahead),
    /** What should have been handled before. */
    overdue: (minute: Date) => between(tickBounds(minute).overdue),
    rowsAt,
  };
}

const placeOf = ({ pk, dueSort }: Pick<DueRow, 'pk' | 'dueSort'>) => `${dueSort} ${pk}`;

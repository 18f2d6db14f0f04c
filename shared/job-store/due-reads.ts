import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DueReference } from '../attempt/due-time.ts';
import { partsOf } from '../runtime/parts-of.ts';
import { tickBounds } from './due-places.ts';
import { DUE_INDEX, DUE_PARTITIONS } from './keys.ts';
import type { JobRow } from './row.ts';
import { KEYS_A_CALL, readRows } from './rows.ts';
import { type IndexEntry, shardedIndex } from './sharded-index.ts';

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

  const between = (bounds: Bounds) =>
    chunks({ partitions: DUE_PARTITIONS, order: 'oldest', size: REFERENCES_AT_ONCE, ...bounds });

  /**
   * References to what the tick of a minute looks after. If there is little to do, one query a partition finds it all. If not,
   * what falls due ahead comes first: it must not be late because of a backlog of what is overdue.
   */
  async function* ofTick(minute: Date): AsyncGenerator<TickPart> {
    const { ahead, overdue } = tickBounds(minute);
    const all = await between({ high: ahead.high }).next();
    if (all.done) return;
    yield* partOf(ahead, false, all.value);
    yield* partOf(overdue, true, all.value);
  }

  /** @param read what was read of the index: all, unless there is more */
  async function* partOf(
    bounds: Bounds,
    isOverdue: boolean,
    read: { chunk: IndexEntry[]; more: boolean },
  ): AsyncGenerator<TickPart> {
    for await (const { chunk } of read.more ? between(bounds) : [read]) {
      const references = chunk.map(referenceOf).filter(isWithin(bounds));
      if (references.length > 0) yield { overdue: isOverdue, references };
    }
  }

  /**
   * The rows that are still at the places that references name. The others have been handled or moved. The reads are
   * consistent: a reference may arrive as soon as its row is written.
   */
  async function rowsAt(references: readonly DueReference[]): Promise<DueRow[]> {
    const places = new Set(references.map(placeOf));
    const keys = [...new Set(references.map(({ pk }) => pk))].map((pk) => ({ pk }));
    const rows: DueRow[] = [];
    for (const part of partsOf(keys, KEYS_A_CALL)) {
      rows.push(
        ...(await readRows<JobRow, 'pk' | (typeof SHOWN)[number]>(dynamo, table, part, ['pk', ...SHOWN], true)),
      );
    }
    return rows.filter((row) => places.has(placeOf(row)));
  }

  return { ofTick, rowsAt };
}

/** References to what falls due in the minute that a tick looks after, or to what should have been handled before. */
export interface TickPart {
  overdue: boolean;
  references: DueReference[];
}

const referenceOf = ({ pk, dueSort }: IndexEntry): DueReference => ({ pk, dueSort: String(dueSort) });

const isWithin =
  ({ low = '', high }: Bounds) =>
  ({ dueSort }: DueReference) =>
    dueSort >= low && dueSort <= high;

/** Places in the due index, from the first one on if there is no `low`. */
interface Bounds {
  low?: string;
  high: string;
}

const placeOf = ({ pk, dueSort }: Pick<DueRow, 'pk' | 'dueSort'>) => `${dueSort} ${pk}`;

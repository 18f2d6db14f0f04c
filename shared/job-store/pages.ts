import { CURSOR } from '../contracts/job.ts';
import type { IndexEntry } from './sharded-index.ts';

/** Not a valid cursor. A cursor from another list is accepted: it is only a position in time. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'INVALID_CURSOR';
}

/** About this many entries are looked at for a page, in a second or less; a page of what is rare may stay short. */
const MOST_LOOKED_AT = 1000;

/** A page, and the position of the next one. */
export interface Page<Row> {
  rows: Row[];
  cursor?: string;
}

/**
 * Fills a page from the chunks of an index.
 *
 * @param rowsOf the rows of entries that belong on the page, in their order, each with its position
 * @returns a page that may be short and still have a cursor, if most of what was looked at does not belong on it
 */
export async function fillPage<Row>(
  chunks: AsyncIterable<{ chunk: IndexEntry[]; more: boolean }>,
  limit: number,
  positionOf: (found: Row | IndexEntry) => string,
  rowsOf: (entries: IndexEntry[]) => Promise<Row[]>,
): Promise<Page<Row>> {
  const found: Row[] = [];
  let lookedAt = 0;
  for await (const { chunk, more } of chunks) {
    const rows = await rowsOf(chunk);
    const room = limit - found.length;
    found.push(...rows.slice(0, room));
    lookedAt += chunk.length;
    if (rows.length > room) return pageBefore(found, found);
    if (more && (rows.length === room || lookedAt >= MOST_LOOKED_AT)) return pageBefore(found, chunk);
  }
  return { rows: found };

  /** A page that is followed by what is behind the last thing that was looked at. */
  function pageBefore(rows: Row[], seen: readonly (Row | IndexEntry)[]): Page<Row> {
    const last = seen.at(-1);
    return { rows, ...(last !== undefined && { cursor: writeCursor(positionOf(last)) }) };
  }
}

/** `2026-03-01T09:30:00.000Z#0123…` → `20260301T093000000Z-0123…`: a position that needs no escaping in a URL. */
const writeCursor = (position: string) => position.replace(/[-:.]/g, '').replace('#', '-');

/** @throws CursorError if it is not one of ours */
export function readCursor(cursor: string): string {
  if (!CURSOR.test(cursor)) throw new CursorError('pass the cursor of the previous page, unchanged');
  return cursor.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\w+)$/, '$1-$2-$3T$4:$5:$6.$7Z#$8');
}

import type { Archive, Fence, StoredResult } from './ports.ts';

/** Results up to this many bytes stay in the row. A row holds 400 KB, and each KB of a write costs a unit. */
const INLINE_RESULT_BYTES = 32 * 1024;

/**
 * Makes a result storable in its job's row; a big one goes to the archive.
 *
 * @throws TypeError or RangeError if it cannot be written as JSON
 */
export async function storedResult(
  result: unknown,
  fence: Fence,
  archive: Pick<Archive, 'keepResult'>,
): Promise<StoredResult> {
  const json = JSON.stringify(result) ?? 'null';
  const bytes = Buffer.byteLength(json);
  return bytes <= INLINE_RESULT_BYTES ? { json } : { key: await archive.keepResult(fence, json), bytes };
}

import type { Archive, Fence, StoredResult } from './ports.ts';

/** Results up to this many bytes stay in the row; a table item holds 400 KB and each KB of a write costs a unit. */
const INLINE_RESULT_BYTES = 32 * 1024;

/**
 * A result as its job's row holds it.
 *
 * @throws TypeError or RangeError if it is no JSON
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

import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** JSON rarely deflates to less than an eighth. Deflating eight times what a row may have takes about 2 ms. */
const BEST_RATIO = 8;

/** Deflates a JSON text (RFC 1951). @returns undefined if it would be longer than `most` bytes */
export function deflate(json: string, most: number): Uint8Array | undefined {
  if (Buffer.byteLength(json) > BEST_RATIO * most) return undefined;
  const deflated = deflateRawSync(json);
  return deflated.length <= most ? deflated : undefined;
}

/** The text that {@link deflate} was given. */
export const inflate = (deflated: Uint8Array): string => inflateRawSync(deflated).toString();

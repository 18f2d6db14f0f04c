/** A file in pieces of a length, which need not end where lines do. */
export async function* pieces(text: string | Uint8Array, length = 7) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

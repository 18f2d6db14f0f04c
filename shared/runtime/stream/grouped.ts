/**
 * Groups entries into as few calls as possible, in order. An entry that is too long for a call is in a group of its own.
 *
 * @param most entries in a group
 * @param mostBytes of the entries of a group together
 * @param bytesOf the size of an entry; by default that of its JSON, in UTF-8
 */
export function grouped<Entry>(
  entries: readonly Entry[],
  most: number,
  mostBytes: number,
  bytesOf: (entry: Entry) => number = (entry) => Buffer.byteLength(JSON.stringify(entry)),
): Entry[][] {
  const groups: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    const current = groups.at(-1);
    if (current && current.length < most && bytes <= room) current.push(entry);
    else {
      groups.push([entry]);
      room = mostBytes;
    }
    room -= bytes;
  }
  return groups;
}

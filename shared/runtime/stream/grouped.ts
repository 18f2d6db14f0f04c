/**
 * Groups entries into as few calls as possible, in order. An entry that is too long for a call is in a group of its own.
 *
 * @param most entries in a group
 * @param mostBytes of the texts in a group, in UTF-8
 * @param textOf what of an entry counts
 */
export function grouped<Entry>(
  entries: readonly Entry[],
  most: number,
  mostBytes: number,
  textOf: (entry: Entry) => string,
): Entry[][] {
  const groups: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(textOf(entry));
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

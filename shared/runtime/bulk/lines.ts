/** A line of a file. */
export interface Line {
  /** The first line is 1. */
  number: number;
  /** Its bytes without the newline; undefined if there are too many to be a job. */
  bytes: Uint8Array | undefined;
}

/**
 * No message is longer than 1 MiB. The rest is for the other fields of an entry.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const LONGEST_LINE_BYTES = 1_048_576 + 4096;

export const NEWLINE = 0x0a;

/** Splits a part of a file into lines, and holds at most one piece and one line of it. Empty lines are counted and left out. */
export async function* linesIn(pieces: AsyncIterable<Uint8Array>, firstNumber: number): AsyncGenerator<Line> {
  let number = firstNumber;
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array) => {
    length += part.length;
    // a line that is too long is read on, but no longer kept
    if (length > LONGEST_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  const take = (): Line | undefined => {
    const bytes = length > LONGEST_LINE_BYTES ? undefined : Buffer.concat(parts);
    const line = { number, bytes };
    number += 1;
    parts = [];
    length = 0;
    return bytes && isBlank(bytes) ? undefined : line;
  };
  for await (const piece of pieces) {
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, at)) {
      keep(piece.subarray(at, end));
      at = end + 1;
      const line = take();
      if (line) yield line;
    }
    keep(piece.subarray(at));
  }
  const last = take();
  if (last) yield last;
}

/** Whether there are only spaces, tabs and carriage returns. */
const isBlank = (bytes: Uint8Array) => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a line as JSON. A byte order mark at its start is left out.
 *
 * @returns the reason if it is not one
 */
export function jsonOf({ bytes }: Line): { value: unknown; text: string } | string {
  if (!bytes) return `the line is longer than ${LONGEST_LINE_BYTES} bytes, and no lane takes such a job`;
  try {
    const text = utf8.decode(bytes);
    return { value: JSON.parse(text), text };
  } catch {
    // the parser's message quotes the line, which may contain a secret
    return 'the line is not JSON in UTF-8';
  }
}

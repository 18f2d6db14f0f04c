import { PermanentJobError } from '../../attempt/errors.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { jsonOf, linesIn, NEWLINE } from './lines.ts';

/** A part of the file that one step sends: whole lines. */
export interface Chunk {
  /** Its first byte, and the one behind its last. */
  start: number;
  end: number;
  /** The number of its first line. */
  line: number;
  lines: number;
}

/** How a file is sent. */
export interface Plan {
  chunks: Chunk[];
  /** How many steps send at the same time. */
  senders: number;
  /** All lines of the file, also empty ones. */
  lines: number;
}

/** A sender that is restarted checks at most so many lines again, and progress moves on every few seconds. */
const LINES_PER_CHUNK = 1000;
/** A sender reads this much in a second or two. */
const BYTES_PER_CHUNK = 8 * 1024 * 1024;
/** How long a sender takes for a chunk at a low rate, in seconds. */
const CHUNK_SECONDS = 300;
/** How long a sender may take for the only chunk of an ordered lane, in seconds: a function ends after 900. */
export const ORDERED_SECONDS = 600;
/**
 * How much of an ordered lane one file may fill: less than half of the messages among which SQS looks for keys, so that a file
 * whose jobs all have one slow key leaves room for the keys of others (`FIFO_SCANNED_MESSAGES` in contracts/lane.ts).
 */
export const MOST_ORDERED_LINES = 50_000;
/** Calls to a FIFO queue go one after the other. With 2 MiB a second, two calls of 1 MiB, this is within {@link ORDERED_SECONDS}. */
export const MOST_ORDERED_BYTES = 1024 * 1024 * 1024;
/** One sender keeps up with this rate with half of its time to spare. */
const SENDER_PER_SECOND = 500;
/** What the senders return is one state of the workflow, of at most 262,144 bytes; each returns up to 26. */
const MOST_CHUNKS = 10_000;
/** The contract gives the job a day more. */
const LONGEST_SEND_SECONDS = 7 * 24 * 60 * 60;

interface Source {
  jobType: Pick<JobType, 'lane'>;
  ratePerSecond: number;
  /** Reads the file from its start. */
  stream(): AsyncIterable<Uint8Array>;
}

/**
 * Cuts a file into chunks. An ordered lane gets one chunk, because a Distributed Map does not promise in which order it
 * starts its items, and the jobs of a key must arrive in the order of the file.
 *
 * @throws PermanentJobError if nothing of the file can be sent, or not all of it in time
 */
export async function planFile({ jobType, ratePerSecond, stream }: Source): Promise<Plan> {
  await checkStart(stream());
  const ordered = jobType.lane.kind === 'ordered';
  const senders = ordered ? 1 : Math.ceil(ratePerSecond / SENDER_PER_SECOND);
  const perChunk = Math.max(1, Math.min(LINES_PER_CHUNK, Math.floor((ratePerSecond / senders) * CHUNK_SECONDS)));
  const limits = ordered ? UNLIMITED : { lines: perChunk, bytes: BYTES_PER_CHUNK };
  const chunks = await cut(stream(), limits);
  const lines = chunks.reduce((sum, chunk) => sum + chunk.lines, 0);
  if (ordered) checkOrdered(lines, chunks.at(-1)?.end ?? 0, Math.min(ratePerSecond, SENDER_PER_SECOND));
  const seconds = lines / ratePerSecond;
  if (seconds > LONGEST_SEND_SECONDS) {
    throw new PermanentJobError(
      'RATE_TOO_LOW',
      `at this rate, the ${lines} lines of the file would take ${Math.ceil(seconds / 86_400)} days: raise ratePerSecond, or split the file`,
    );
  }
  if (chunks.length > MOST_CHUNKS) {
    throw new PermanentJobError('FILE_TOO_LONG', `the file has ${lines} lines, which are too many at once: split it`);
  }
  return { chunks, senders, lines };
}

/** @throws PermanentJobError if one sender could not send the file in time, or the file would fill the lane */
function checkOrdered(lines: number, bytes: number, perSecond: number): void {
  const refuse = (what: string, most: string) =>
    new PermanentJobError('FILE_TOO_LONG', `the file has ${what}, and an ordered lane takes at most ${most}`);
  const next = 'split it, and submit each part when the jobs of the one before have run';
  if (lines > MOST_ORDERED_LINES) throw refuse(`${lines} lines`, `${MOST_ORDERED_LINES} from one file: ${next}`);
  if (bytes > MOST_ORDERED_BYTES) throw refuse(`${bytes} bytes`, `${MOST_ORDERED_BYTES} from one file: ${next}`);
  if (lines > ORDERED_SECONDS * perSecond) {
    throw refuse(
      `${lines} lines`,
      `${ORDERED_SECONDS * perSecond} from one file at this rate: raise ratePerSecond, or split the file`,
    );
  }
}

const UNLIMITED = { lines: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** A file of another kind is refused as a whole, instead of line by line. */
async function checkStart(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const line of linesIn(pieces, 1)) {
    const json = jsonOf(line);
    // a first line that is too long may be followed by good ones
    if (!line.bytes || (typeof json === 'object' && typeof json.value === 'object' && json.value !== null)) return;
    throw new PermanentJobError(
      'NOT_JSON_LINES',
      `the file is not JSON Lines: line ${line.number} is not a JSON object; write {"input": …} on each line`,
    );
  }
  throw new PermanentJobError('EMPTY_FILE', 'the file has no lines');
}

/** Cuts behind the line that reaches one of the limits. */
async function cut(pieces: AsyncIterable<Uint8Array>, limits: { lines: number; bytes: number }): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let offset = 0;
  let endsInLine = false;
  let chunk: Chunk = { start: 0, end: 0, line: 1, lines: 0 };
  const close = (end: number) => {
    chunks.push({ ...chunk, end });
    chunk = { start: end, end, line: chunk.line + chunk.lines, lines: 0 };
  };
  for await (const piece of pieces) {
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) {
      const end = offset + at + 1;
      chunk.lines += 1;
      if (chunk.lines >= limits.lines || end - chunk.start >= limits.bytes) close(end);
    }
    offset += piece.length;
    endsInLine = piece.at(-1) !== NEWLINE;
  }
  if (endsInLine) chunk.lines += 1;
  if (offset > chunk.start) close(offset);
  return chunks;
}

import { Readable } from 'node:stream';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import { CsvError, type Info, parse } from 'csv-parse';
import { LineCounter } from './line-counter.ts';

/** One record of a CSV text. */
export interface CsvRecord {
  /** The line on which it starts; the first line of the text is 1. A quoted field may span lines. */
  line: number;
  fields: string[];
  /** Where it ends in the text, in bytes of UTF-8. */
  end: number;
}

/** The parser handles a slice in one go, so this limits how long it blocks the event loop: to a few milliseconds. */
const SLICE_BYTES = 64 * 1024;

/**
 * How long a record may be, in bytes. A quote that is never closed would otherwise make the rest of a long file one field,
 * which must fit into memory.
 */
const LONGEST_RECORD_BYTES = 8 * 1024 * 1024;

/** Reasons by the parser's error codes; its own messages count lines differently. */
const REASONS: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted field is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quoted field continues after its closing quote; double each quote inside it',
  INVALID_OPENING_QUOTE: 'a field has a quote inside; put the whole field in quotes and double each quote inside it',
  CSV_MAX_RECORD_SIZE: `the row is longer than ${LONGEST_RECORD_BYTES / 1024 / 1024} MiB, or a quote in it is never closed`,
};

/**
 * Reads CSV by RFC 4180. It is more lenient in three ways: lines may end in CRLF, LF or CR, a byte order mark and blank
 * lines are skipped, and records may differ in their number of fields.
 *
 * @param pieces the file's bytes, in pieces of any length
 * @param delimiter one character, not a quote or a line break
 * @throws PermanentJobError `CSV_MALFORMED` naming the line: the rest of the text could only be guessed, in any attempt;
 *   `CSV_NOT_UTF8` if it is not text
 */
export async function* csvRecords(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  const lines = new LineCounter();
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: LONGEST_RECORD_BYTES,
    info: true,
    on_record(record) {
      // Makes the parser treat the next record as the first. It compares every record's number of fields with the first
      // one's and creates an error with a stack, which takes 25 µs, for each that differs. Half a million short rows
      // would take longer than the job may.
      Object.assign(parser.info, { records: 0 });
      return record;
    },
  });
  const slices = Readable.from(slicesOf(pieces, lines));
  // an error of the source must reach whoever reads the records
  slices.on('error', (error) => parser.destroy(error));
  const records: AsyncIterable<{ record: string[]; info: Info }> = slices.pipe(parser);
  let start = 0;
  try {
    for await (const { record, info } of records) {
      yield { line: lines.lineAfter(start), fields: record, end: info.bytes };
      start = info.bytes;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // `bytes` is the start of the field that cannot be read
    const line = lines.lineAfter(Number(error.bytes ?? start));
    throw new PermanentJobError('CSV_MALFORMED', `line ${line}: ${REASONS[error.code] ?? error.message}`);
  } finally {
    slices.destroy();
  }
}

/** Cuts the file into slices without its byte order mark, checks that it is UTF-8, and shows each slice to the counter. */
async function* slicesOf(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  lines: LineCounter,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (bytes?: Uint8Array) => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new PermanentJobError('CSV_NOT_UTF8', 'the file is not UTF-8: save it with that encoding');
    }
  };
  let atStart = true;
  for await (const piece of pieces) {
    for (const slice of slicesIn(atStart ? withoutMark(piece) : piece)) {
      check(slice);
      lines.add(slice);
      yield slice;
    }
    atStart = false;
  }
  check();
}

function* slicesIn(piece: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) yield bytes.subarray(start, start + SLICE_BYTES);
}

/** The first piece without the byte order mark of UTF-8. */
const withoutMark = (piece: Uint8Array) =>
  piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? piece.subarray(3) : piece;

import { Readable } from 'node:stream';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import { CsvError, type Info, parse } from 'csv-parse';

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

/** Reasons by the parser's error codes; its own messages count lines differently. */
const REASONS: Partial<Record<CsvError['code'], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted field is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quoted field continues after its closing quote; double each quote inside it',
  INVALID_OPENING_QUOTE: 'a field has a quote inside; put the whole field in quotes and double each quote inside it',
};

/**
 * Reads CSV by RFC 4180. It is more lenient in three ways: lines may end in CRLF, LF or CR, a byte order mark and blank
 * lines are skipped, and records may differ in their number of fields.
 *
 * @param delimiter one character, not a quote or a line break
 * @throws PermanentJobError `CSV_MALFORMED` naming the line: the rest of the text could only be guessed, in any attempt
 */
export async function* csvRecords(text: string, delimiter: string): AsyncGenerator<CsvRecord> {
  const bytes = Buffer.from(text.replace(/^\ufeff/, ''));
  const lineAfter = lineCounter(bytes);
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
    on_record(record) {
      // Makes the parser treat the next record as the first. It compares every record's number of fields with the first
      // one's and creates an error with a stack, which takes 25 µs, for each that differs. Half a million short rows
      // would take longer than the job may.
      Object.assign(parser.info, { records: 0 });
      return record;
    },
  });
  const records: AsyncIterable<{ record: string[]; info: Info }> = Readable.from(slicesOf(bytes)).pipe(parser);
  let start = 0;
  try {
    for await (const { record, info } of records) {
      yield { line: lineAfter(start), fields: record, end: info.bytes };
      start = info.bytes;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // `bytes` is the start of the field that cannot be read
    const line = lineAfter(Number(error.bytes));
    throw new PermanentJobError('CSV_MALFORMED', `line ${line}: ${REASONS[error.code] ?? error.message}`);
  }
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) yield bytes.subarray(start, start + SLICE_BYTES);
}

const CR = 13;
const LF = 10;

/**
 * Counts lines in one pass over the text. The parser cannot do it: it counts a CRLF inside quotes as two line breaks, and
 * a client needs the right line to find a rejected row.
 *
 * @returns the line of the next text at or after an offset, behind any blank lines; offsets must not decrease
 */
function lineCounter(bytes: Buffer): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (; at < offset || bytes[at] === CR || bytes[at] === LF; at += 1) {
      // a CRLF counts at its LF
      if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) line += 1;
    }
    return line;
  };
}

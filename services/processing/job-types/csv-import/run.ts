import { setImmediate } from 'node:timers/promises';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { Job, RunOf } from '@spillway/shared/attempt/job-code.ts';
import type csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { LISTED_CHARACTERS, LISTED_ROWS } from '@spillway/shared/contracts/jobs/csv-import.ts';
import { BoundedList } from './bounded-list.ts';
import { checkRow, type Row } from './check-row.ts';
import { csvRecords } from './csv.ts';
import { readHeader } from './header.ts';

/**
 * After this many rows (a few milliseconds of work) the event loop runs timers, without which the attempt could not time
 * out.
 */
const ROWS_WITHOUT_PAUSE = 1000;
const LIST_LIMITS = { maxEntries: LISTED_ROWS, maxCharacters: LISTED_CHARACTERS };

/**
 * Checks every row of the file against the column rules. A file that is not CSV, or has the wrong header, fails at once.
 */
export const run: RunOf<typeof csvImport> = async ({ csv, file, delimiter, columns }, job) => {
  const { total, pieces } = file === undefined ? inBody(csv ?? '') : await inUpload(file, job);
  // a short file's rows are all in the result
  const allRows = file === undefined ? undefined : job.write('rows.jsonl', 'application/x-ndjson');
  const records = csvRecords(pieces, delimiter);
  const header = await records.next();
  if (header.done) throw new PermanentJobError('CSV_EMPTY', 'the file has no header line');
  const layout = readHeader(header.value.fields, columns);
  const accepted = new BoundedList<Row>(LIST_LIMITS);
  const rejected = new BoundedList<{ line: number; reasons: string[] }>(LIST_LIMITS);
  for await (const { line, fields, end } of records) {
    const checked = checkRow(fields, layout);
    if ('row' in checked) {
      accepted.add(checked.row);
      await allRows?.write(`${JSON.stringify(checked.row)}\n`);
    } else rejected.add({ line, reasons: checked.reasons });
    if ((accepted.total + rejected.total) % ROWS_WITHOUT_PAUSE === 0) {
      job.progress({ done: end, total, message: 'bytes read' });
      await setImmediate();
      job.signal.throwIfAborted();
    }
  }
  return {
    accepted: accepted.total,
    rejected: rejected.total,
    rows: accepted.kept,
    rejections: rejected.kept,
    ...(allRows && { allRows: await allRows.end() }),
  };
};

/** The file's length in bytes, and its bytes in pieces. */
interface Source {
  total: number;
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

function inBody(csv: string): Source {
  const bytes = Buffer.from(csv);
  return { total: bytes.length, pieces: [bytes] };
}

async function inUpload(pointer: string, job: Job): Promise<Source> {
  const { bytes, stream } = await job.open(pointer);
  return { total: bytes, pieces: stream() };
}

import { setImmediate } from 'node:timers/promises';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { RunOf } from '@spillway/shared/attempt/job.ts';
import type csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { LISTED_CHARACTERS, LISTED_ROWS } from '@spillway/shared/contracts/jobs/csv-import.ts';
import { type CsvRecord, CsvSyntaxError, csvRecords } from './csv.ts';
import { FirstEntries } from './first-entries.ts';
import { readHeader } from './header.ts';
import { checkRow, type Row } from './row.ts';

/** After this many rows the event loop gets a turn, or the attempt's timeout could never fire: a few milliseconds of work. */
const ROWS_A_TURN = 1000;
const LIST_LIMITS = { maxEntries: LISTED_ROWS, maxCharacters: LISTED_CHARACTERS };

/** Checks every row of the file against the column rules. A file that is no CSV, or has the wrong header, fails at once. */
export const run: RunOf<typeof csvImport> = async ({ csv, delimiter, columns }, job) => {
  const records = readable(csvRecords(csv, delimiter));
  const header = records.next();
  if (header.done) throw new PermanentJobError('CSV_EMPTY', 'the file has no header line');
  const layout = readHeader(header.value.fields, columns);
  const accepted = new FirstEntries<Row>(LIST_LIMITS);
  const rejected = new FirstEntries<{ line: number; reasons: string[] }>(LIST_LIMITS);
  for (const { line, fields, end } of records) {
    const checked = checkRow(fields, layout);
    if ('row' in checked) accepted.add(checked.row);
    else rejected.add({ line, reasons: checked.reasons });
    if ((accepted.total + rejected.total) % ROWS_A_TURN === 0) {
      job.progress({ done: end, total: csv.length, message: 'characters read' });
      await setImmediate();
      job.signal.throwIfAborted();
    }
  }
  return {
    accepted: accepted.total,
    rejected: rejected.total,
    rows: accepted.kept,
    rejections: rejected.kept,
  };
};

/** What is no CSV now will be none at the next attempt either. */
function* readable(records: Generator<CsvRecord>): Generator<CsvRecord> {
  try {
    yield* records;
  } catch (error) {
    if (error instanceof CsvSyntaxError) throw new PermanentJobError(error.code, error.message);
    throw error;
  }
}

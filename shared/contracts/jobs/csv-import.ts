import * as z from 'zod/mini';
import { defineJobType, fit } from '../job-type.ts';
import { ResultFile } from '../result-file.ts';
import { Upload } from '../upload.ts';

/** How many rows each list of the result holds at most. */
export const LISTED_ROWS = 1000;
/** How long each list of the result may be, in characters of JSON: enough to see what is wrong with a file. */
export const LISTED_CHARACTERS = 150_000;

const Column = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  type: z.enum(['string', 'integer', 'decimal', 'date', 'email']),
  /** Whether every row needs a value. An optional column may be missing from the file. */
  required: z._default(z.boolean(), false),
});

const Fields = z.strictObject({
  /** The file's text by RFC 4180, with a header line. */
  csv: z.optional(z.string().check(z.minLength(1))),
  /** The file as an upload, for one that is longer than a job may be. */
  file: z.optional(Upload),
  delimiter: z._default(z.enum([',', ';', '\t']), ','),
  /** A rule for every column. A file with a column that has no rule is refused. */
  columns: z.array(Column).check(
    z.minLength(1),
    z.maxLength(100),
    z.refine((columns) => new Set(columns.map((column) => column.name)).size === columns.length, {
      error: 'two columns have the same name',
    }),
  ),
});

/** Exactly one of the two: the front door checks it by the schema, the consumer by the refinement. */
const Input = Fields.check(
  z.refine(({ csv, file }) => (csv === undefined) !== (file === undefined), {
    error: 'send either csv, the text of the file, or file, the pointer to an upload',
  }),
  z.meta({ oneOf: [{ required: ['csv'] }, { required: ['file'] }] }),
);

/** The value of a field. */
const Value = z.union([z.string(), z.number(), z.null()]);

/** A row by column name. Not a `z.record`, which drops a column named `__proto__`. */
const Row = z.unknown().check(
  z.refine((row) => typeof row === 'object' && row !== null && Object.values(row).every((v) => fit(Value, v).success)),
  z.meta({ type: 'object', additionalProperties: { type: ['string', 'number', 'null'] } }),
) as z.ZodMiniType<Record<string, z.infer<typeof Value>>>;

const RejectedRow = z.strictObject({
  /** The line in the file; the header is line 1. */
  line: z.int().check(z.gte(2)),
  /** Every reason, each starting with the column's name. */
  reasons: z.array(z.string()),
});

const Result = z.strictObject({
  /** How many rows fit the rules. */
  accepted: z.int().check(z.nonnegative()),
  rejected: z.int().check(z.nonnegative()),
  /**
   * The first accepted rows, by column name; a field without a value is null. At most 1,000 rows and 150,000 characters.
   */
  rows: z.array(Row).check(z.maxLength(LISTED_ROWS)),
  /** The first rejected rows, within the same limits. */
  rejections: z.array(RejectedRow).check(z.maxLength(LISTED_ROWS)),
  /** Every accepted row of an uploaded file: JSON Lines, each like one of `rows`. */
  allRows: z.optional(ResultFile),
});

export default defineJobType({
  name: 'csv-import',
  service: 'processing',
  summary: 'Checks the rows of a CSV file against column rules.',
  description: [
    'Lines may end in CRLF, LF or CR. A byte order mark and blank lines are skipped, and blank lines are not rows.',
    'A field without text has no value.',
    'Integers beyond ±9007199254740991 and decimals with more digits than a JSON number holds are rejected: use a string column for them.',
    'The result lists at most 1,000 accepted and 1,000 rejected rows; the counts include all.',
    'A file is read as UTF-8. If it was uploaded, allRows is a link to all accepted rows.',
  ].join(' '),
  input: Input,
  result: Result,
  uploads: ['file'],
  example: {
    input: {
      csv: 'sku,quantity,restocked\nA-100,12,2026-03-01\nB-200,many,2026-03-02\n',
      delimiter: ',',
      columns: [
        { name: 'sku', type: 'string', required: true },
        { name: 'quantity', type: 'integer', required: true },
        { name: 'restocked', type: 'date', required: false },
      ],
    },
    result: {
      accepted: 1,
      rejected: 1,
      rows: [{ sku: 'A-100', quantity: 12, restocked: '2026-03-01' }],
      rejections: [{ line: 3, reasons: ['quantity: "many" is not an integer'] }],
    },
  },
  // 200 MB take about a minute with the CPU share of 512 MB, and may take twice as long
  timeoutSeconds: 140,
  // the code is pure, so an attempt fails only in a crash or a deploy, which rarely happens twice in a row
  maxAttempts: 3,
  // low on purpose: imports put a heavy load on the systems behind them
  maxConcurrency: 4,
  // most files take milliseconds, and fewer invocations cost less; no more of the longest ones fit into a consumer's 840 s
  batchSize: 6,
});

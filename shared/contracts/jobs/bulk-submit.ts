import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';
import { isName } from '../names.ts';
import { ResultFile } from '../result-file.ts';
import { Upload } from '../upload.ts';

/** Ten senders of 500 a second each; SQS itself takes far more. */
export const MOST_PER_SECOND = 5000;
const DAY_SECONDS = 24 * 60 * 60;

const Input = z.strictObject({
  /** The job type of every line. */
  type: z.string().check(z.refine(isName, { error: 'not the name of a job type' })),
  /** A JSON Lines file: on each line `{ "id"?, "input", "runAfter"?, "expiresAfter"? }`. */
  upload: Upload,
  /** The most lines to submit in a second. */
  ratePerSecond: z._default(z.int().check(z.gte(1), z.lte(MOST_PER_SECOND)), 1000),
});

const Result = z.strictObject({
  /** How many lines were submitted. */
  submitted: z.int().check(z.nonnegative()),
  /** How many lines could not become a job. */
  refused: z.int().check(z.nonnegative()),
  /** The refused lines as JSON Lines, `{ "line", "reason" }`; absent if there are none. */
  report: z.optional(ResultFile),
});

export default defineJobType({
  name: 'bulk-submit',
  service: 'processing',
  summary: 'Submits every line of an uploaded file as a job.',
  description:
    'The id of a line is its own id, or else the upload without "upload-", a dot and the number of the line. So a file that is submitted again starts no job twice.',
  run: 'durable',
  input: Input,
  // a step opens it, and the consumer keeps it if the job is scheduled
  uploads: ['upload'],
  result: Result,
  example: {
    input: { type: 'webhook-delivery', upload: `upload-${'0'.repeat(32)}`, ratePerSecond: 500 },
    result: {
      submitted: 999_998,
      refused: 2,
      report: 'https://example.com/refused.jsonl',
    },
  },
  // a day more than the longest time for sending
  timeoutSeconds: 8 * DAY_SECONDS,
});

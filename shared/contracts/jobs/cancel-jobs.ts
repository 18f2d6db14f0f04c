import * as z from 'zod/mini';
import { JobFilter } from '../cancellation.ts';
import { defineJobType } from '../job-type.ts';
import { MOST_SEARCH_KEYS } from '../search-keys.ts';

const count = z.int().check(z.nonnegative());

/** Cancels a tenant's jobs that fit a filter: POST /jobs/{type}/cancellations checks the request and submits this job. */
export default defineJobType({
  name: 'cancel-jobs',
  service: 'processing',
  summary: 'Cancels the jobs of a tenant that fit a filter.',
  submittedBy: 'platform',
  input: z.extend(JobFilter, {
    /** The job type. */
    type: z.string(),
    /** The values of search keys, each with the position of its key in the contract. */
    search: z
      .array(z.strictObject({ position: count, field: z.string(), value: z.string() }))
      .check(z.maxLength(MOST_SEARCH_KEYS)),
    /** Whether an attempt that is under way can be stopped. */
    stops: z.boolean(),
  }),
  result: z.strictObject({
    /** They are CANCELLED. */
    cancelled: count,
    /** They are under way. Each is CANCELLED when its attempt has stopped, unless it succeeds before. */
    requested: count,
    /** They had another outcome by then. Each of them is in the records, with the reason. */
    refused: count,
    /** The keys of objects in the payload bucket, in JSON Lines: what happened to each job. */
    records: z.array(z.string()),
  }),
  example: {
    input: { type: 'order-fulfilment', status: 'QUEUED', search: [], stops: false },
    result: { cancelled: 40, requested: 2, refused: 1, records: ['cancellations/tenant/7f3c2a/1.jsonl'] },
  },
  // an attempt works for 12 minutes and then goes on in the next one, so these are 5 hours
  timeoutSeconds: 840,
  maxAttempts: 25,
  maxConcurrency: 5,
  batchSize: 1,
});

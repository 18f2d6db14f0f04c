import * as z from 'zod/mini';
import { FailedJob, FailureFilter, HIGHEST_RATE, MOST_NAMED_JOBS } from '../failure.ts';
import { defineJobType } from '../job-type.ts';

const count = z.int().check(z.nonnegative());

/** Replays failures for an operator: POST /admin/replays checks the request and submits this job. */
export default defineJobType({
  name: 'replay-jobs',
  service: 'processing',
  summary: 'Replays failed and expired jobs and parked messages.',
  submittedBy: 'platform',
  input: z.strictObject({
    /** Which failures, of which job types. They must have failed before this job was submitted. */
    filter: z.optional(z.omit(FailureFilter, { type: true })),
    types: z.optional(z.array(z.string())),
    /** Or which jobs, in the order in which they are sent. */
    jobs: z.optional(z.array(FailedJob).check(z.maxLength(MOST_NAMED_JOBS))),
    ratePerSecond: z.int().check(z.minimum(1), z.maximum(HIGHEST_RATE)),
    /** Whether each failure is replayed as a new job. */
    asNewJob: z.optional(z.boolean()),
  }),
  result: z.strictObject({
    replayed: count,
    /** Each of them is in the records, with the reason. */
    refused: count,
    /** The keys of objects in the payload bucket, in JSON Lines: what happened to each job. */
    records: z.array(z.string()),
  }),
  example: {
    input: { filter: { code: 'DOWN' }, types: ['webhook-delivery'], ratePerSecond: 20 },
    result: { replayed: 40, refused: 2, records: ['replays/7f3c2a/1.jsonl'] },
  },
  // an attempt works for 12 minutes and then goes on in the next one, so these are 5 hours
  timeoutSeconds: 840,
  maxAttempts: 25,
  maxConcurrency: 2,
  batchSize: 1,
});

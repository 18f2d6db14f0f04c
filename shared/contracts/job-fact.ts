import * as z from 'zod/mini';
import { EVENT_TYPES } from './events/event-types.ts';

/**
 * A row of the lake: a flattened event with SQL-style names. It says what happened to a job and when, and never what the job is
 * about: no input, no result, no message, no names of people. Of an error it has only the code.
 */
export const JobFact = z.strictObject({
  event_id: z.string(),
  event_type: z.enum(EVENT_TYPES),
  event_time: z.iso.datetime(),
  tenant: z.string(),
  job_type: z.string(),
  job_id: z.string(),
  /** Increases with each fact of the job, so the highest one has the job's newest state. */
  revision: z.int().check(z.nonnegative()),
  attempt: z.int().check(z.nonnegative()),
  accepted_at: z.iso.datetime(),
  settled_at: z.nullable(z.iso.datetime()),
  latency_ms: z.nullable(z.int().check(z.nonnegative())),
  error_code: z.nullable(z.string()),
  trace_id: z.string(),
});
export type JobFact = z.infer<typeof JobFact>;

import * as z from 'zod/mini';
import { EVENT_TYPES } from './events/event-types.ts';

/** A line of the lake: a flattened event with SQL-style names. */
export const JobFact = z.strictObject({
  event_id: z.string(),
  event_type: z.enum(EVENT_TYPES),
  event_time: z.iso.datetime(),
  tenant: z.string(),
  job_type: z.string(),
  job_id: z.string(),
  attempt: z.int().check(z.nonnegative()),
  accepted_at: z.iso.datetime(),
  settled_at: z.nullable(z.iso.datetime()),
  latency_ms: z.nullable(z.int().check(z.nonnegative())),
  error_code: z.nullable(z.string()),
  trace_id: z.string(),
});
export type JobFact = z.infer<typeof JobFact>;

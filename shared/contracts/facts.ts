import * as z from 'zod/mini';
import { EVENT_TYPES, type JobEvent } from './events.ts';

/** A line of the lake: an event, flat, with names as SQL likes them. */
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

/** The fact that an event tells. */
export const factOf = ({ id, type, time, data }: JobEvent): JobFact => ({
  event_id: id,
  event_type: type,
  event_time: time,
  tenant: data.tenant,
  job_type: data.jobType,
  job_id: data.jobId,
  attempt: data.attempt,
  accepted_at: data.acceptedAt,
  settled_at: data.settledAt ?? null,
  latency_ms: data.latencyMs ?? null,
  error_code: data.error?.code ?? null,
  trace_id: data.traceId,
});

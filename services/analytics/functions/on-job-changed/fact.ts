import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { JobFact } from '@spillway/shared/contracts/job-fact.ts';

/** An event as a line of the lake. */
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

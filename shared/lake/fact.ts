import type { JobEvent } from '../contracts/events/job-event.ts';
import type { JobFact } from '../contracts/job-fact.ts';

/** Job code chooses its errors' names, so a mistake could put a whole text there. */
const LONGEST_CODE = 200;

/** An event as a row of the lake. */
export const factOf = ({ id, type, time, data }: JobEvent): JobFact => ({
  event_id: id,
  event_type: type,
  event_time: time,
  tenant: data.tenant,
  job_type: data.jobType,
  job_id: data.jobId,
  revision: data.revision,
  attempt: data.attempt,
  accepted_at: data.acceptedAt,
  settled_at: data.settledAt ?? null,
  latency_ms: data.latencyMs ?? null,
  error_code: data.error?.code.slice(0, LONGEST_CODE) ?? null,
  trace_id: data.traceId,
});

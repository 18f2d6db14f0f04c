import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { SocketMessage } from '@spillway/shared/contracts/socket.ts';
import { jobKey } from '@spillway/shared/job-store/keys.ts';

/** What a subscription is to: all jobs of a tenant, those of a type, or one job. */
export const KINDS = ['all', 'type', 'job'] as const;
export type Kind = (typeof KINDS)[number];

/** What connections are subscribed to, and its key in their table. The tenant comes first, so nobody reaches another's. */
export interface Target {
  kind: Kind;
  key: string;
}

const allOf = (tenant: string): Target => ({ kind: 'all', key: `all#${tenant}` });
const typeOf = (tenant: string, type: string): Target => ({ kind: 'type', key: `type#${tenant}#${type}` });
const jobOf = (tenant: string, type: string, id: string): Target => ({
  kind: 'job',
  key: `job#${jobKey({ tenant, type, id }).pk}`,
});

/** The target that a message names. */
export function targetOf(tenant: string, { job, type }: Pick<SocketMessage, 'job' | 'type'>): Target {
  if (job) return jobOf(tenant, job.type, job.jobId);
  return type === undefined ? allOf(tenant) : typeOf(tenant, type);
}

/** The targets whose subscribers get an event. */
export const targetsOf = ({ data: { tenant, jobType, jobId } }: Pick<JobEvent, 'data'>): Target[] => [
  allOf(tenant),
  typeOf(tenant, jobType),
  jobOf(tenant, jobType, jobId),
];

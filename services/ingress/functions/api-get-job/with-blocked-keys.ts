import { type JobView, MOST_BLOCKED_KEYS } from '@spillway/shared/contracts/job.ts';
import type { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';

export interface BlockedKeysTools {
  blocked: Pick<ReturnType<typeof blockedReads>, 'list'>;
  /** The job types whose lanes stop on failures. */
  stoppingTypes: readonly string[];
}

/**
 * Adds the tenant's blocked keys to a job that waits in a lane that stops on failures. All of them, because only the message of
 * such a job has its key; they are few.
 */
export async function withBlockedKeys(job: JobView, tenant: string, tools: BlockedKeysTools): Promise<JobView> {
  if (job.status !== 'QUEUED' || !tools.stoppingTypes.includes(job.type)) return job;
  const { rows } = await tools.blocked.list([job.type], tenant, { limit: MOST_BLOCKED_KEYS });
  const blockedKeys = rows.map(({ key, jobId, failedAt, heldUntil }) => ({ key, jobId, failedAt, heldUntil }));
  return blockedKeys.length > 0 ? { ...job, blockedKeys } : job;
}

import { NO_TENANT } from '../contracts/failure.ts';
import type { JobIdentity } from '../contracts/job.ts';
import type { Message } from './message.ts';
import type { Archive, JobStore, Observer } from './ports.ts';

/** What parking needs. */
export interface ParkTools {
  store: Pick<JobStore, 'recordParked'>;
  archive: Pick<Archive, 'park'>;
  observer: Pick<Observer, 'parked'>;
  now(): Date;
}

/**
 * Parks a message: it goes into the archive, where operators find it among the failures. Parking it twice changes nothing.
 *
 * @param job its job, or only the job type if it belongs to none
 */
export async function park(
  message: Message,
  reason: string,
  job: JobIdentity | Pick<JobIdentity, 'type'>,
  { store, archive, observer, now }: ParkTools,
): Promise<void> {
  const archiveKey = await archive.park(message, reason);
  const identity = 'id' in job ? job : { ...job, tenant: NO_TENANT, id: message.messageId };
  const { tenant, type, id } = identity;
  await store.recordParked({ job: { tenant, type, id }, reason, archiveKey, now: now() });
  observer.parked(message, reason, archiveKey);
}

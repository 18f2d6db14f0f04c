import type { JobError, Outcome } from '../contracts/job.ts';
import { expiredError } from './errors.ts';
import type { Archive, JobStore, Observer } from './ports.ts';
import type { BlockedKey, StoredResult } from './settlement.ts';
import type { Attempt, AttemptedJob } from './submission.ts';

/** What ending an attempt needs. */
export interface SettleTools {
  store: Pick<JobStore, 'settle'>;
  archive: Pick<Archive, 'keepFailed'>;
  observer: Pick<Observer, 'settled' | 'dropped'>;
  /** The order key that the job stops if it fails. */
  blocks?: BlockedKey | undefined;
  now(): Date;
}

/** Settles a job with its result. @returns as {@link JobStore.settle} */
export async function succeed({ job }: Pick<Ended, 'job'>, result: StoredResult, tools: SettleTools): Promise<boolean> {
  const settled = await tools.store.settle(job, { outcome: 'SUCCEEDED', result, now: tools.now() });
  return observe(settled, job, 'SUCCEEDED', tools);
}

type Ended = Pick<Attempt, 'message'> & { job: AttemptedJob };

/**
 * Settles a failed job, or one that expired; as CANCELLED if that was asked for. It writes the archive record first: the
 * message of a settled job is dropped, so a job that was not archived before it settled would never be archived.
 *
 * @returns as {@link JobStore.settle}
 */
export async function fail(
  { message, job }: Ended,
  error: JobError,
  tools: SettleTools,
  outcome: 'FAILED' | 'EXPIRED' = 'FAILED',
): Promise<boolean> {
  const archiveKey = await tools.archive.keepFailed(message, job, error);
  const settled = await tools.store.settle(job, { outcome, error, archiveKey, now: tools.now(), blocks: tools.blocks });
  // nothing leads to the record of a job that was cancelled meanwhile, and it expires with the others
  return settled ? observe(settled, job, outcome, tools) : cancel({ job }, tools);
}

/** Settles a job that its tenant asked to cancel. @returns as {@link JobStore.settle} */
export async function cancel({ job }: Pick<Ended, 'job'>, tools: Omit<SettleTools, 'archive'>): Promise<boolean> {
  const settled = await tools.store.settle(job, { outcome: 'CANCELLED', now: tools.now() });
  return observe(settled, job, 'CANCELLED', tools);
}

/** Settles a job that no attempt may run, archived as in {@link fail}. @returns as {@link JobStore.refuse} */
export async function refuse(
  { message, job }: Attempt,
  error: JobError,
  tools: SettleTools & { store: Pick<JobStore, 'refuse'> },
): Promise<boolean> {
  const archiveKey = await tools.archive.keepFailed(message, job, error);
  const refused = await tools.store.refuse(job, {
    outcome: 'FAILED',
    error,
    archiveKey,
    now: tools.now(),
    blocks: tools.blocks,
  });
  return refused && observe(refused, job, 'FAILED', tools);
}

/** Settles a job whose time to start is over, archived as in {@link fail}. @returns as {@link JobStore.expire} */
export async function expire(
  { message, job }: Attempt,
  tools: SettleTools & { store: Pick<JobStore, 'expire'> },
): Promise<boolean> {
  const error = expiredError(job.expiresAfter ?? tools.now());
  const archiveKey = await tools.archive.keepFailed(message, job, error);
  const expired = await tools.store.expire(job, { outcome: 'EXPIRED', error, archiveKey, now: tools.now() });
  return expired && observe(expired, job, 'EXPIRED', tools);
}

/** Gives a job back to its lane after a failed attempt. @returns as {@link JobStore.release} */
export async function release(
  { job }: Attempt,
  error: JobError,
  afterSeconds: number,
  { store, observer, now }: { store: Pick<JobStore, 'release'>; observer: Observer; now(): Date },
): Promise<boolean> {
  const released = await store.release(job, { error, now: now() });
  if (released) observer.retrying(job, error, afterSeconds);
  return released;
}

function observe(
  settled: boolean,
  job: AttemptedJob,
  outcome: Outcome,
  { observer, now }: Omit<SettleTools, 'archive'>,
): boolean {
  if (settled) observer.settled(job, outcome, now().getTime() - job.acceptedAt.getTime());
  else observer.dropped(job, 'the job was settled or claimed by another attempt in the meantime');
  return settled;
}

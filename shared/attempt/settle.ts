import type { JobError, Outcome } from '../contracts/job.ts';
import type { Archive, JobStore, Message, Observer, StoredResult, Submission } from './ports.ts';

/** What settling works with. */
export interface SettleTools {
  store: Pick<JobStore, 'settle'>;
  archive: Pick<Archive, 'keepFailed'>;
  observer: Pick<Observer, 'settled'>;
  now(): Date;
}

/** Settles a job with its result. @returns as {@link JobStore.settle} */
export async function succeed(submission: Submission, attempt: number, result: StoredResult, tools: SettleTools) {
  const fence = { ...submission, attempt };
  const settled = await tools.store.settle(fence, { outcome: 'SUCCEEDED', result, now: tools.now() });
  return observed(settled, submission, attempt, 'SUCCEEDED', tools);
}

/**
 * Settles a job that its attempts could not do. The archive comes first: a settled job's message is dropped, so what was not
 * archived by then never would be.
 *
 * @returns as {@link JobStore.settle}
 */
export async function fail(
  message: Message,
  submission: Submission,
  attempt: number,
  error: JobError,
  tools: SettleTools,
): Promise<boolean> {
  const archiveKey = await tools.archive.keepFailed(message, submission, error);
  const fence = { ...submission, attempt };
  const settled = await tools.store.settle(fence, { outcome: 'FAILED', error, archiveKey, now: tools.now() });
  return observed(settled, submission, attempt, 'FAILED', tools);
}

/** Settles a job that no attempt may run, archived as in {@link fail}. @returns as {@link JobStore.refuse} */
export async function refuse(
  message: Message,
  submission: Submission,
  error: JobError,
  tools: SettleTools & { store: Pick<JobStore, 'refuse'> },
): Promise<boolean> {
  const archiveKey = await tools.archive.keepFailed(message, submission, error);
  const settled = await tools.store.refuse(submission, { outcome: 'FAILED', error, archiveKey, now: tools.now() });
  return observed(settled, submission, 0, 'FAILED', tools);
}

function observed(settled: boolean, submission: Submission, attempt: number, outcome: Outcome, tools: SettleTools) {
  const latencyMs = tools.now().getTime() - submission.acceptedAt.getTime();
  if (settled) tools.observer.settled(submission, attempt, outcome, latencyMs);
  return settled;
}

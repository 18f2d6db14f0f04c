import { soonLook } from '../../attempt/looks.ts';
import type { DueQueue } from '../../attempt/ports.ts';
import type { JobIdentity } from '../../contracts/job.ts';
import type { CancelAnswer, jobCancels, Unseen } from '../../job-store/cancels.ts';
import { cancelIn, goesOnWithoutConsumer } from '../../job-store/row.ts';
import type { Stop } from '../workflow/stop.ts';

export interface CancelTools {
  cancels: Pick<ReturnType<typeof jobCancels>, 'cancel'>;
  stop: Stop;
  due: DueQueue;
  /** See shared/attempt/looks.ts. */
  firstLookSeconds: number;
  logger: { warn(message: string, fields: Record<string, unknown>): void };
}

/**
 * Cancels a job; see `jobCancels` in shared/job-store.
 *
 * @param unseen with it, a job without a row is cancelled, too
 */
export type Cancel = (job: JobIdentity, now: Date, unseen?: Unseen) => Promise<CancelAnswer>;

/**
 * Cancels jobs, and stops the workflows of those that go on without their consumers. Once the request to cancel is recorded it
 * counts, so the answer is the same if a workflow cannot be reached: the consumer stops it when the due index has it look at
 * the job.
 */
export const cancelling =
  ({ cancels, stop, due, firstLookSeconds, logger }: CancelTools): Cancel =>
  async (job, now, unseen) => {
    const answer = await cancels.cancel(job, { now, lookAt: soonLook(now, firstLookSeconds) }, unseen);
    if (answer.kind !== 'requested' || !goesOnWithoutConsumer(answer.row)) return answer;
    const { row, soon } = answer;
    try {
      if (soon) await due.send(soon.reference, soon.at);
      const started = { ...job, attempt: row.attempt, acceptedAt: new Date(row.acceptedAt) };
      await stop(started, cancelIn(row)?.token);
    } catch (error) {
      const { id: jobId, tenant } = job;
      logger.warn('the request to cancel is recorded, but the workflow could not be reached', { jobId, tenant, error });
    }
    return answer;
  };

import type { JobView } from '@spillway/shared/contracts/job.ts';
import { ClientError } from './errors.ts';
import { type Patience, pause } from './patience.ts';

/** How long to wait for a job, and for what. */
export interface WaitOptions<Job> extends Patience {
  /**
   * After how many seconds to give up.
   *
   * @defaultValue 600. At most 2,147,483, which is 24 days: timers last no longer
   */
  withinSeconds?: number;
  /**
   * What to wait for, such as `({ status }) => status === 'WAITING'`.
   *
   * @defaultValue the job has its outcome; a job that waits for a decision goes on
   */
  until?: (job: Job) => boolean;
}

const USUAL_SECONDS = 600;
/** Timers take no longer ones: https://developer.mozilla.org/en-US/docs/Web/API/Window/setTimeout#maximum_delay_value */
const LONGEST_MS = 2 ** 31 - 1;
/** A short job is done in a second, so the first looks are close together; then they become fewer. */
const FIRST_LOOK_MS = 250;
const LONGEST_LOOK_MS = 10_000;
const GROWTH = 1.5;
/** A scheduled job is not looked at more often than needed, but it may be moved to an earlier time, or cancelled. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Looks at a job until it is as wanted.
 *
 * @throws ClientError `TIMED_OUT`, saying how the job was last seen; the job goes on
 */
export async function waitFor<Job extends Pick<JobView, 'jobId' | 'status' | 'settledAt' | 'runAfter'>>(
  look: (signal: AbortSignal) => Promise<Job>,
  { withinSeconds = USUAL_SECONDS, until = ({ settledAt }) => settledAt !== undefined, signal }: WaitOptions<Job>,
): Promise<Job> {
  const deadline = AbortSignal.timeout(Math.min(LONGEST_MS, withinSeconds * 1000));
  const both = signal ? AbortSignal.any([signal, deadline]) : deadline;
  let last: Job | undefined;
  try {
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(LONGEST_LOOK_MS, waitMs * GROWTH)) {
      last = await look(both);
      if (until(last)) return last;
      const startMs = last.status === 'SCHEDULED' && last.runAfter ? Date.parse(last.runAfter) - Date.now() : 0;
      await pause(Math.max(Math.min(startMs, LONGEST_SLEEP_MS), waitMs * (0.8 + Math.random() * 0.4)), both);
    }
  } catch (error) {
    if (!deadline.aborted || signal?.aborted || error instanceof ClientError) throw error;
    const seen = last ? `job ${last.jobId} is ${last.status}` : 'the job was not seen';
    throw new ClientError('TIMED_OUT', `After ${withinSeconds} s, ${seen}. Wait longer, or look again later.`);
  }
}

import { Progress } from '../contracts/job.ts';
import { fit } from '../contracts/job-type.ts';

/** Progress is for people who watch: one write a second is enough. */
const WRITE_EVERY_MS = 1000;
/** The message is written to the row and sent with each event. */
const LONGEST_MESSAGE = 500;

/**
 * Writes progress at most once a second, never two writes at a time, and ignores failures: progress must not fail a job.
 * Reports in between are dropped. So is progress that does not fit its contract: it would stay in the row, and every
 * later event about the job, including the final one, would fail its contract. After `stop` nothing is written; `stop`
 * waits for a write in progress, so that it cannot come after the settle.
 */
export function throttledProgress(write: (progress: Progress) => Promise<void>) {
  let lastWriteMs = 0;
  let underWay: Promise<void> | undefined;
  let stopped = false;
  return {
    report(progress: Progress) {
      if (stopped || underWay || Date.now() - lastWriteMs < WRITE_EVERY_MS) return;
      const { data } = fit(Progress, progress);
      if (!data) return;
      lastWriteMs = Date.now();
      const { done, total, message } = data;
      underWay = write({ done, total, ...(message && { message: message.slice(0, LONGEST_MESSAGE) }) })
        .catch(() => undefined)
        .finally(() => {
          underWay = undefined;
        });
    },
    async stop() {
      stopped = true;
      await underWay;
    },
  };
}

import { Progress } from '../contracts/job.ts';
import { fit } from '../contracts/job-type.ts';

/** Progress is for people watching: one write a second is enough. */
const WRITE_EVERY_MS = 1000;
/** It is written to the row and sent with each event. */
const LONGEST_MESSAGE = 500;

/**
 * Writes progress at most once a second, never two at a time, and swallows failures: progress is no reason to fail a job.
 * What does not fit its contract is not written: it would stay in the row, and each later event about the job would not fit
 * its own, the final one among them. What is reported in between is not written, nor anything after `stop`, which waits for a
 * write under way so that it cannot follow the settle.
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

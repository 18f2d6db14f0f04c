import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';
import { jobDone, progressBar } from './progress-bar.ts';

const LOOK_EVERY_MS = 500;

/**
 * Shows how far a job is until it has an outcome, and then its result. Unless it succeeds, the process ends with 1.
 *
 * @param read undefined while the front door is busy
 */
export async function follow(read: () => Promise<JobView | undefined>): Promise<void> {
  const bar = progressBar();
  let job: JobView | undefined;
  while (!job || !isSettled(job.status)) {
    await sleep(LOOK_EVERY_MS);
    job = (await read()) ?? job;
    if (job) bar.show(jobDone(job));
  }
  bar.end();
  console.log(JSON.stringify(job.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}

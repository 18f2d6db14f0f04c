import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';

const LOOK_EVERY_MS = 500;

/**
 * Shows how far a job is until it has an outcome, and then its result. Unless it succeeds, the process ends with 1.
 *
 * @param read undefined while the front door is busy
 */
export async function follow(read: () => Promise<JobView | undefined>): Promise<void> {
  let shown = '';
  let job: JobView | undefined;
  while (!job || !isSettled(job.status)) {
    await sleep(LOOK_EVERY_MS);
    job = (await read()) ?? job;
    const line = job ? barOf(job) : '';
    if (line !== shown) process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
    shown = line;
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  console.log(JSON.stringify(job.result ?? job.error, null, 2));
  if (job.status !== 'SUCCEEDED') process.exitCode = 1;
}

const BAR = 30;

function barOf({ status, progress }: JobView): string {
  const share = status === 'SUCCEEDED' ? 1 : progress ? progress.done / Math.max(1, progress.total) : 0;
  const full = Math.floor(share * BAR);
  const count = progress ? ` ${progress.done}/${progress.total}` : '';
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${status}${count}`;
}

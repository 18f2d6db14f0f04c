import { UPLOAD } from '../contracts/upload.ts';
import type { AttemptTools } from './attempt-tools.ts';
import { dropConflict } from './conflict.ts';
import type { Message } from './message.ts';
import type { Parsed } from './parse.ts';
import { isSkewed, schedule } from './schedule.ts';
import type { ScheduledSubmission, Submission } from './submission.ts';
import { DONE, secondsUntil, type Verdict } from './verdict.ts';

/** A replayed job does not expire: its time to start is over long ago, and somebody still wants it. */
export const isLate = ({ expiresAfter, replay }: Submission, now: Date): boolean =>
  !replay && expiresAfter !== undefined && expiresAfter <= now;

/**
 * Lets a job wait that may not start yet.
 *
 * @param parsed undefined if its message may be what kills its consumer
 */
export async function wait<Input, Result>(
  message: Message,
  job: ScheduledSubmission,
  parsed: Parsed<Input> | undefined,
  now: Date,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  await keepUploads(parsed, job, tools);
  const answer = await schedule(message, job, now, tools);
  switch (answer.kind) {
    case 'scheduled':
      // it may come from the row, which does not say yet that it was sent: dropped here, it would be lost
      return isSkewed(job, now) ? { kind: 'again', afterSeconds: secondsUntil(job.runAfter, now) } : DONE;
    case 'settled':
      tools.observer.dropped(job, `already ${answer.outcome}`);
      return DONE;
    case 'other-body':
      await dropConflict(message, job, tools);
      return DONE;
    case 'entered':
      // the clock here may be behind that of the function that sent this message into the lane
      if (answer.runAfter?.getTime() === job.runAfter.getTime()) {
        return { kind: 'again', afterSeconds: secondsUntil(job.runAfter, now) };
      }
      tools.observer.dropped(job, 'it was scheduled before, and its time was moved');
      return DONE;
  }
}

/** Keeps the uploads of a job that waits: one that no job has opened expires before most of those jobs start. */
async function keepUploads<Input, Result>(
  parsed: Parsed<Input> | undefined,
  { tenant }: Submission,
  { jobType, files }: AttemptTools<Input, Result>,
): Promise<void> {
  if (parsed?.kind !== 'job') return;
  for (const field of jobType.uploads) {
    const pointer = (parsed.input as Record<string, unknown>)[field];
    // what is not there fails the job when it starts
    if (typeof pointer === 'string' && UPLOAD.test(pointer)) await files.open(tenant, pointer);
  }
}

import { UPLOAD } from '../contracts/upload.ts';
import type { AttemptTools } from './attempt-tools.ts';
import { dropConflict } from './conflict.ts';
import type { Message } from './message.ts';
import type { Parsed } from './parse.ts';
import { LONGEST_SKEW_MS, schedule } from './schedule.ts';
import type { ScheduledSubmission, Submission } from './submission.ts';
import { DONE, OVERTAKEN, secondsUntil, type Verdict } from './verdict.ts';

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
      return keptInRow(job.runAfter, tools.now());
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
      // its time was moved, or this took so long that the message has come again and was claimed
      return OVERTAKEN;
  }
}

/**
 * The message of a job that waits in its row may be deleted, except near the job's time: it may have been sent from the row, which
 * does not say so yet, or its consumer was so slow that it has come again and was claimed. Deleting it would then lose the job.
 */
export function keptInRow(runAfter: Date, now: Date): Verdict {
  const before = new Date(runAfter.getTime() - LONGEST_SKEW_MS);
  return before <= now ? { kind: 'again', afterSeconds: secondsUntil(runAfter, now) } : { kind: 'done', before };
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

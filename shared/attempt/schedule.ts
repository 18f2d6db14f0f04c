import { deflate } from './deflate.ts';
import type { ScheduleAnswer } from './due-time.ts';
import type { KeptMessage, Message } from './message.ts';
import type { Archive, DueQueue, JobStore } from './ports.ts';
import type { ScheduledSubmission, Submission } from './submission.ts';

/**
 * Bodies up to this many bytes, deflated, stay in the row. The row is written with them twice, when the job is scheduled and
 * when it falls due, and each KB of a write costs a unit ($0.625 per million); an object in S3 costs $5.40 per million, for
 * a PUT and a GET.
 */
const INLINE_BODY_BYTES = 4 * 1024;

/** What scheduling needs. */
export interface ScheduleTools {
  store: Pick<JobStore, 'schedule'>;
  archive: Pick<Archive, 'keepBody'>;
  due: DueQueue;
  /** The name of the lane's queue. */
  laneName: string;
}

/** The clocks of two functions may differ by about this much. */
export const LONGEST_SKEW_MS = 2000;

/** Whether a job may not start yet. A replayed job starts at once. */
export const isEarly = (job: Submission, now: Date): job is ScheduledSubmission =>
  !job.replay && job.runAfter !== undefined && job.runAfter > now;

/**
 * Lets a job wait in its row until it may start. If it falls due soon, a reference to it is sent at once; else the tick
 * finds it. If this function ends between the two, its message comes again, and the reference is sent then.
 */
export async function schedule(
  message: Message,
  job: ScheduledSubmission,
  now: Date,
  { store, archive, due, laneName }: ScheduleTools,
): Promise<ScheduleAnswer> {
  const { messageId, attributes, groupId, body } = message;
  const kept: KeptMessage = {
    messageId,
    attributes,
    ...(groupId !== undefined && { groupId }),
    lane: laneName,
    body: await keptBody(job, body, archive),
  };
  const answer = await store.schedule(job, kept, now);
  if (answer.kind === 'scheduled' && answer.soon) await due.send(answer.soon.reference, answer.soon.at);
  return answer;
}

async function keptBody(
  job: Submission,
  body: string,
  archive: Pick<Archive, 'keepBody'>,
): Promise<KeptMessage['body']> {
  const deflated = deflate(body, INLINE_BODY_BYTES);
  return deflated ? { deflated } : { key: await archive.keepBody(job, body) };
}

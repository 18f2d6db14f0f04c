import type { DueQueue } from '@spillway/shared/attempt/ports.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import { TIME_RULE, timeOf } from '@spillway/shared/contracts/times.ts';
import type { dueWrites } from '@spillway/shared/job-store/due-writes.ts';
import { viewOf } from '@spillway/shared/job-store/row.ts';
import * as z from 'zod/mini';
import { type Caller, Problem } from '../../light-function.ts';
import { readJson } from '../../request-body.ts';

/** A request to move a job. */
export interface MoveJobRequest extends Caller {
  jobId: string;
  /** The path of the request, for the link to the job. */
  path: string;
  body: string;
}

export interface MoveJobTools {
  store: Pick<ReturnType<typeof dueWrites>, 'move'>;
  due: DueQueue;
  now(): Date;
}

/** What a client may change of a scheduled job. */
const Move = z.strictObject({ runAfter: z.union([z.string(), z.int()]) });

/**
 * Moves a scheduled job to another time, earlier or later. A time in the past means now.
 *
 * @throws Problem if the job is unknown or not SCHEDULED, or if it cannot have that time
 */
export async function moveJob(request: MoveJobRequest, { store, due, now }: MoveJobTools): Promise<JobView> {
  const { tenant, type, jobId, path } = request;
  const at = now();
  const wished = readRunAfter(request.body, at);
  const runAfter = wished > at ? wished : at;
  const answer = await store.move({ tenant, type, id: jobId }, runAfter, at);
  switch (answer.kind) {
    case 'moved':
      // without its reference, the job would start up to two minutes late
      if (answer.soon) await due.send(answer.soon.reference, answer.soon.at);
      return viewOf(answer.row, path);
    case 'unknown':
      throw new Problem('unknownJob', { jobId, type });
    case 'not-scheduled':
      throw new Problem('notScheduled', { jobId, status: answer.status });
    case 'expires-before':
      throw new Problem('badMove', { reason: `The job expires at ${answer.startBy}, and could never start` });
    case 'too-late':
      throw new Problem('badMove', { reason: `The job may start at ${answer.latest.toISOString()} at the latest` });
  }
}

function readRunAfter(body: string, now: Date): Date {
  const move = Move.safeParse(readJson(body));
  const time = move.success ? timeOf(String(move.data.runAfter), now) : undefined;
  if (!time) throw new Problem('badMove', { reason: `Send {"runAfter": …} with ${TIME_RULE}` });
  return time;
}

import { dueReads } from '@spillway/shared/job-store/due-reads.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { minuteOf, tick } from '@spillway/shared/runtime/due/tick.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { tickObserver } from '@spillway/shared/runtime/observers.ts';
import type { ScheduledEvent } from 'aws-lambda';
import * as z from 'zod/mini';

const { JOBS_TABLE, DUE_QUEUE_ARN } = environment({ JOBS_TABLE: z.string(), DUE_QUEUE_ARN: z.string() });
const observer = tickObserver();
const tools = {
  reads: dueReads(dynamo(), JOBS_TABLE),
  due: dueQueue(sqs(), DUE_QUEUE_ARN),
  observer,
  now: () => new Date(),
};

/** Sends references to what falls due. If it fails, Lambda calls it again with the same minute. */
export async function handler({ time }: Pick<ScheduledEvent, 'time'>): Promise<void> {
  try {
    await tick(minuteOf(time), tools);
  } finally {
    observer.flush();
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { eventBridge } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { streamObserver } from '@spillway/shared/runtime/observers.ts';
import { readEvents, sendAll } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { isPublished, putEvents } from './publish.ts';

const { BUS, ARCHIVE_BUCKET, PUBLISHED_IN_FULL } = environment({
  BUS: z.string(),
  ARCHIVE_BUCKET: z.string(),
  /** Names of job types, separated by commas. */
  PUBLISHED_IN_FULL: z.string(),
});
const inFull = new Set(PUBLISHED_IN_FULL.split(','));
const client = eventBridge();
const observer = streamObserver();
const place = { archive: objects(ARCHIVE_BUCKET), reader: 'streams', parked: observer.parked };

/** Publishes the events of jobs that their contracts want on the bus. It throws only if a retry can help. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = (await readEvents(Records, place)).filter((event) => isPublished(event, inFull));
    await sendAll(events, (left) => putEvents(client, BUS, left), pause);
    if (events.length > 0) observer.delivered(events.length);
  } finally {
    observer.flush();
  }
}

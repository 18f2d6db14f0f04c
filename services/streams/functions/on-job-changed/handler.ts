import { setTimeout as pause } from 'node:timers/promises';
import { eventBridge } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { streamObserver } from '@spillway/shared/runtime/observers.ts';
import { readEvents, sendAll } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { putEvents } from './publish.ts';

const { BUS, ARCHIVE_BUCKET } = environment({ BUS: z.string(), ARCHIVE_BUCKET: z.string() });
const client = eventBridge();
const observer = streamObserver();
const place = { archive: objects(ARCHIVE_BUCKET), reader: 'streams', parked: observer.parked };

/** Publishes the events of jobs. It throws only if a retry can help. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = await readEvents(Records, place);
    await sendAll(events, (left) => putEvents(client, BUS, left), pause);
    observer.delivered(events.length);
  } finally {
    observer.flush();
  }
}

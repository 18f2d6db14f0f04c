import { setTimeout as pause } from 'node:timers/promises';
import { factOf } from '@spillway/shared/lake/fact.ts';
import { packRecords } from '@spillway/shared/lake/pack.ts';
import { putRecords } from '@spillway/shared/lake/put-records.ts';
import { firehose } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { streamObserver } from '@spillway/shared/runtime/observers.ts';
import { readEvents, sendAll } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';

const { DELIVERY_STREAM, ARCHIVE_BUCKET } = environment({ DELIVERY_STREAM: z.string(), ARCHIVE_BUCKET: z.string() });
const client = firehose();
const observer = streamObserver();
const place = { archive: objects(ARCHIVE_BUCKET), reader: 'analytics', parked: observer.parked };

/** Sends the events of jobs to the lake as facts. It throws only if a retry can help. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = await readEvents(Records, place);
    const records = packRecords(events.map((event) => JSON.stringify(factOf(event))));
    await sendAll(records, (left) => putRecords(client, DELIVERY_STREAM, left), pause);
    if (events.length > 0) observer.delivered(events.length);
  } finally {
    observer.flush();
  }
}

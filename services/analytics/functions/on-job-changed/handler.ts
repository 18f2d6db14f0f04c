import { setTimeout as pause } from 'node:timers/promises';
import { factOf } from '@spillway/shared/lake/fact.ts';
import { packRecords } from '@spillway/shared/lake/pack.ts';
import { firehoseDestination } from '@spillway/shared/lake/put-records.ts';
import { REFUSED_PREFIX } from '@spillway/shared/lake/table.ts';
import { firehose } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { streamObserver } from '@spillway/shared/runtime/observers.ts';
import { delivery } from '@spillway/shared/runtime/stream/delivery.ts';
import { refusedStore } from '@spillway/shared/runtime/stream/refused.ts';
import { readEvents } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';

const { DELIVERY_STREAM, ARCHIVE_BUCKET, LAKE_BUCKET, PATIENCE_MS } = environment({
  DELIVERY_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  LAKE_BUCKET: z.string(),
  PATIENCE_MS: z.coerce.number(),
});
const observer = streamObserver();
const place = { archive: objects(ARCHIVE_BUCKET), reader: 'analytics', parked: observer.parked };
const deliver = delivery(firehoseDestination(firehose(), DELIVERY_STREAM), {
  store: refusedStore<string>(
    { bucket: objects(LAKE_BUCKET), prefix: REFUSED_PREFIX, stored: observer.refused },
    (facts) => facts,
  ),
  patienceMs: PATIENCE_MS,
  pause,
});

/** Sends the events of jobs to the lake as facts. It throws only if what was refused could not be stored. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = await readEvents(Records, place);
    await deliver(packRecords(events.map((event) => JSON.stringify(factOf(event)))));
    if (events.length > 0) observer.delivered(events.length);
  } finally {
    observer.flush();
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { eventBridge, queueUrlOf, sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { socketObserver, streamObserver } from '@spillway/shared/runtime/observers.ts';
import { readEvents, sendAll } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { type PushTools, push } from '../../socket/pusher.ts';
import { wire } from '../../socket/wire.ts';
import { isPublished, putEvents } from './publish.ts';

const { BUS, ARCHIVE_BUCKET, PUBLISHED_IN_FULL, CONNECTIONS_TABLE, PUSH_QUEUE_ARN, STAGE } = environment({
  BUS: z.string(),
  ARCHIVE_BUCKET: z.string(),
  /** Names of job types, separated by commas. */
  PUBLISHED_IN_FULL: z.string(),
  CONNECTIONS_TABLE: z.string(),
  PUSH_QUEUE_ARN: z.string(),
  STAGE: z.string(),
});
const inFull = new Set(PUBLISHED_IN_FULL.split(','));
const client = eventBridge();
const observer = streamObserver();
const place = { archive: objects(ARCHIVE_BUCKET), reader: 'streams', parked: observer.parked };

const socket: PushTools = {
  store: connections(dynamo(), CONNECTIONS_TABLE),
  wire: wire(STAGE),
  queue: sqs(),
  queueUrl: queueUrlOf(PUSH_QUEUE_ARN),
  observer: socketObserver(),
};

/**
 * Publishes the events of jobs that their contracts want on the bus, and pushes all of them to the clients of the socket. It
 * throws only if a retry can help.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = await readEvents(Records, place);
    await Promise.all([push(events, socket), publish(events.filter((event) => isPublished(event, inFull)))]);
  } finally {
    observer.flush();
  }
}

async function publish(events: readonly JobEvent[]): Promise<void> {
  await sendAll(events, (left) => putEvents(client, BUS, left), pause);
  if (events.length > 0) observer.delivered(events.length);
}

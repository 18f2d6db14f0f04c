import { setTimeout as pause } from 'node:timers/promises';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { eventBridge, queueUrlOf, sns, sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { socketObserver, streamObserver } from '@spillway/shared/runtime/observers.ts';
import { readEvents } from '@spillway/shared/runtime/stream/stream-batch.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { type PushTools, push } from '../../socket/pusher.ts';
import { wire } from '../../socket/wire.ts';
import { type Destination, parkTooLong, sendToAll } from './destination.ts';
import { publishBatch } from './publish-batch.ts';
import { isPublished } from './published.ts';
import { putEvents } from './put-events.ts';
import { subscribed } from './subscribed.ts';

const {
  BUS,
  TOPIC_ARN,
  TOPIC_LOOK_SECONDS,
  ARCHIVE_BUCKET,
  PUBLISHED_IN_FULL,
  CONNECTIONS_TABLE,
  PUSH_QUEUE_ARN,
  STAGE,
} = environment({
  BUS: z.string(),
  TOPIC_ARN: z.string(),
  TOPIC_LOOK_SECONDS: z.coerce.number(),
  ARCHIVE_BUCKET: z.string(),
  /** Names of job types, separated by commas. */
  PUBLISHED_IN_FULL: z.string(),
  CONNECTIONS_TABLE: z.string(),
  PUSH_QUEUE_ARN: z.string(),
  STAGE: z.string(),
});
const inFull = new Set(PUBLISHED_IN_FULL.split(','));
const bus = eventBridge();
const topic = sns();
const isSubscribed = subscribed(topic, TOPIC_ARN, TOPIC_LOOK_SECONDS);
const destinations: Destination[] = [
  { name: 'bus', send: (events) => putEvents(bus, BUS, events) },
  { name: 'topic', send: async (events) => ((await isSubscribed()) ? publishBatch(topic, TOPIC_ARN, events) : []) },
];
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
 * Publishes the events of jobs that their contracts want on the bus and the topic, and pushes all of them to the clients of the socket. It
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
  const fitting = await parkTooLong(events, place);
  await sendToAll(fitting, destinations, place, pause);
  if (fitting.length > 0) observer.delivered(fitting.length);
}

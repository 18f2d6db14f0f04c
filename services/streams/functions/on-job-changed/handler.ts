import { setTimeout as pause } from 'node:timers/promises';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { parkTooLong } from '@spillway/shared/events/limits.ts';
import { topicDestination } from '@spillway/shared/events/publish-batch.ts';
import { isPublished } from '@spillway/shared/events/published.ts';
import { busDestination } from '@spillway/shared/events/put-events.ts';
import { streamDestination } from '@spillway/shared/events/put-in-order.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import { eventBridge, kinesis, queueUrlOf, sns, sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { socketObserver, streamObserver } from '@spillway/shared/runtime/observers.ts';
import { type Destination, delivery, type Refusal } from '@spillway/shared/runtime/stream/delivery.ts';
import { refusedStore } from '@spillway/shared/runtime/stream/refused.ts';
import { park, readEvents } from '@spillway/shared/runtime/stream/stream-batch.ts';
import { webhookDestination } from '@spillway/shared/webhooks/destination.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { mostEventsOf, PushRate } from '../../socket/push-rate.ts';
import { type PushTools, push } from '../../socket/pusher.ts';
import { wire } from '../../socket/wire.ts';
import { subscribed } from './subscribed.ts';

const env = environment({
  BUS: z.string(),
  TOPIC_ARN: z.string(),
  TOPIC_LOOK_SECONDS: z.coerce.number(),
  /** The Kinesis stream; empty on a stage without one. */
  EVENT_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  /** Names of job types, separated by commas. */
  PUBLISHED_IN_FULL: z.string(),
  CONNECTIONS_TABLE: z.string(),
  PUSH_QUEUE_ARN: z.string(),
  PUSH_MESSAGES_PER_SECOND: PushRate,
  WEBHOOKS_TABLE: z.string(),
  DELIVERY_LANE_ARN: z.string(),
  STAGE: z.string(),
  PATIENCE_MS: z.coerce.number(),
});
const inFull = new Set(env.PUBLISHED_IN_FULL.split(','));
const observer = streamObserver();
const archive = objects(env.ARCHIVE_BUCKET);
const place = { archive, reader: 'streams', parked: observer.parked };
const storeRefused = refusedStore<JobEvent>(
  { bucket: archive, prefix: REFUSED_EVENTS_PREFIX, stored: observer.refused },
  (event) => JSON.stringify(event),
);
const to = (destination: Destination<JobEvent>) => delivery(destination, { store, patienceMs: env.PATIENCE_MS, pause });
const bus = busDestination(eventBridge(), env.BUS);
const topicClient = sns();
const topic = topicDestination(topicClient, env.TOPIC_ARN);
const isSubscribed = subscribed(topicClient, env.TOPIC_ARN, env.TOPIC_LOOK_SECONDS);
const publishers = [
  to(bus),
  to({ ...topic, send: async (events, signal) => ((await isSubscribed(signal)) ? topic.send(events, signal) : []) }),
];
const tables = dynamo();
const queues = sqs();
/** Those that take the events of all jobs: webhooks choose for themselves, and Kinesis is billed by size. */
const takers = [
  to(
    webhookDestination({
      store: webhookStore(tables, env.WEBHOOKS_TABLE),
      queue: queues,
      laneUrl: queueUrlOf(env.DELIVERY_LANE_ARN),
      now: Date.now,
    }),
  ),
  ...(env.EVENT_STREAM ? [to(streamDestination(kinesis(), env.EVENT_STREAM))] : []),
];

const socket: PushTools = {
  store: connections(tables, env.CONNECTIONS_TABLE),
  wire: wire(env.STAGE),
  pushQueue: {
    client: queues,
    url: queueUrlOf(env.PUSH_QUEUE_ARN),
    mostEvents: mostEventsOf(env.PUSH_MESSAGES_PER_SECOND),
  },
  observer: socketObserver(),
};

/**
 * Publishes the events that contracts ask for on the bus and the topic, and all events on the Kinesis stream, if there is one;
 * submits the deliveries to webhooks; and pushes all events to the clients of the socket. It throws only if what was refused
 * could not be stored.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  try {
    const events = await readEvents(Records, place);
    await Promise.all([push(events, socket), publish(events)]);
  } finally {
    observer.flush();
  }
}

/** A destination that refuses events does not keep the others from theirs. */
async function publish(events: readonly JobEvent[]): Promise<void> {
  const wanted = await parkTooLong(
    events.filter((event) => isPublished(event, inFull)),
    place,
  );
  const results = await Promise.allSettled([
    ...publishers.map((deliver) => deliver(wanted)),
    ...takers.map((deliver) => deliver(events)),
  ]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  if (wanted.length > 0) observer.delivered(wanted.length);
}

/** Parks the events that a destination will never take, and stores the others, to be sent again. */
async function store(destination: string, refusals: readonly Refusal<JobEvent>[]): Promise<void> {
  const later = refusals.filter(({ forGood }) => !forGood);
  for (const { entry, code } of refusals.filter(({ forGood }) => forGood)) {
    await park(place, `${entry.id}-${destination}`, `refused by the ${destination}: ${code}`, { event: entry });
  }
  if (later.length > 0) await storeRefused(destination, later);
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { kinesisClient } from '@spillway/shared/events/kinesis-client.ts';
import { isTooLong } from '@spillway/shared/events/limits.ts';
import { topicDestination } from '@spillway/shared/events/publish-batch.ts';
import { isPublished } from '@spillway/shared/events/published.ts';
import { busDestination } from '@spillway/shared/events/put-events.ts';
import { eventStreamName, streamDestination } from '@spillway/shared/events/put-in-order.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import type { Destination, Refusal } from '@spillway/shared/runtime/stream/delivery.ts';
import { webhookDestination } from '@spillway/shared/webhooks/destination.ts';
import { webhooksTableOf } from '@spillway/shared/webhooks/names.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import { givenUp, parked } from './given-up.ts';
import type { RefusedPlace } from './resend.ts';

/** What resending needs to know about a stage. */
export interface Refusers {
  stage: string;
  /** The archive bucket. */
  archive: string;
  /** The failures bucket of `streams`. */
  failures: string;
  bus: string;
  topicArn: string;
  /** The lane of webhook-delivery. */
  laneUrl: string;
  /** Whether the stage has the Kinesis stream. */
  hasEventStream: boolean;
  /** The names of the job types whose events are all published. */
  inFull: ReadonlySet<string>;
}

const lineOf = (event: JobEvent) => JSON.stringify(event);

/**
 * The events that the bus, the topic, the lane of webhook-delivery and the Kinesis stream have refused, each to be sent to the same one
 * again; and those of the records that the event source gave up on, or that the reader could not read before, to be sent to all of
 * them. Deliveries go to the webhooks that exist now.
 */
export function refusedEvents({
  stage,
  archive,
  failures,
  bus,
  topicArn,
  ...more
}: Refusers): RefusedPlace<JobEvent>[] {
  const published = [busDestination(new EventBridgeClient(), bus), topicDestination(new SNSClient(), topicArn)];
  const webhooks = webhookDestination({
    store: webhookStore(DynamoDBDocumentClient.from(new DynamoDBClient()), webhooksTableOf(stage)),
    queue: new SQSClient(),
    laneUrl: more.laneUrl,
    now: Date.now,
  });
  // a stage that never had the stream has no events that it refused
  const stream = streamDestination(kinesisClient(), eventStreamName(stage));
  const all = [webhooks, ...(more.hasEventStream ? [stream] : [])];
  const toAll = {
    destination: everywhere(published, all, more.inFull),
    lineOf,
    entriesOf: (events: JobEvent[]) => events,
  };
  return [
    ...[...published, webhooks, stream].map((destination) => ({
      bucket: archive,
      prefix: `${REFUSED_EVENTS_PREFIX}${destination.name}/`,
      unreadable: `${REFUSED_EVENTS_PREFIX}unreadable/${destination.name}/`,
      read,
      lineOf,
      destination,
    })),
    givenUp(failures, toAll),
    parked(archive, 'streams', toAll),
  ];
}

/**
 * Sends events to every destination, as the reader of the stream does: all events to some, and to others those that are published
 * and not too long. An event that one of them refuses is refused, and sent to all of them again.
 */
function everywhere(
  published: readonly Destination<JobEvent>[],
  all: readonly Destination<JobEvent>[],
  inFull: ReadonlySet<string>,
): Destination<JobEvent> {
  return {
    name: [...published, ...all].map(({ name }) => name).join(', '),
    async send(events, signal) {
      const wanted = events.filter((event) => isPublished(event, inFull));
      const answers = await Promise.all([
        ...published.map(({ send }) =>
          send(
            wanted.filter((event) => !isTooLong(event)),
            signal,
          ),
        ),
        ...all.map(({ send }) => send(events, signal)),
      ]);
      const refused = new Map<JobEvent, Refusal<JobEvent>>();
      for (const entry of wanted.filter(isTooLong)) refused.set(entry, { entry, code: 'TooLong', forGood: true });
      // what one of them may take later is not put aside
      const refusals = answers.flat().sort((a, b) => Number(b.forGood) - Number(a.forGood));
      for (const refusal of refusals) refused.set(refusal.entry, refusal);
      return [...refused.values()];
    },
  };
}

function read(line: string): JobEvent[] | undefined {
  try {
    const { success, data } = JobEvent.safeParse(JSON.parse(line));
    return success ? [data] : undefined;
  } catch {
    return undefined;
  }
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { kinesisClient } from '@spillway/shared/events/kinesis-client.ts';
import { topicDestination } from '@spillway/shared/events/publish-batch.ts';
import { busDestination } from '@spillway/shared/events/put-events.ts';
import { eventStreamName, streamDestination } from '@spillway/shared/events/put-in-order.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import { webhookDestination } from '@spillway/shared/webhooks/destination.ts';
import { webhooksTableOf } from '@spillway/shared/webhooks/names.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { RefusedPlace } from './resend.ts';

/** What resending needs to know about a stage. */
export interface Refusers {
  stage: string;
  /** The archive bucket. */
  archive: string;
  bus: string;
  topicArn: string;
  /** The lane of webhook-delivery. */
  laneUrl: string;
}

/**
 * The events that the bus, the topic, the lane of webhooks and the Kinesis stream have refused, each to be sent to the same one
 * again. Webhooks get theirs as they are now.
 */
export function refusedEvents({ stage, archive, bus, topicArn, laneUrl }: Refusers): RefusedPlace<JobEvent>[] {
  const destinations = [
    busDestination(new EventBridgeClient(), bus),
    topicDestination(new SNSClient(), topicArn),
    webhookDestination({
      store: webhookStore(DynamoDBDocumentClient.from(new DynamoDBClient()), webhooksTableOf(stage)),
      queue: new SQSClient(),
      laneUrl,
      now: Date.now,
    }),
    // a stage without the stream has no events that it refused
    streamDestination(kinesisClient(), eventStreamName(stage)),
  ];
  return destinations.map((destination) => ({
    bucket: archive,
    prefix: `${REFUSED_EVENTS_PREFIX}${destination.name}/`,
    unreadable: `${REFUSED_EVENTS_PREFIX}unreadable/${destination.name}/`,
    read,
    destination,
  }));
}

function read(line: string): JobEvent[] | undefined {
  try {
    const { success, data } = JobEvent.safeParse(JSON.parse(line));
    return success ? [data] : undefined;
  } catch {
    return undefined;
  }
}

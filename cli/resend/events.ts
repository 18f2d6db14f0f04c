import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { kinesisClient } from '@spillway/shared/events/kinesis-client.ts';
import { topicDestination } from '@spillway/shared/events/publish-batch.ts';
import { busDestination } from '@spillway/shared/events/put-events.ts';
import { eventStreamName, streamDestination } from '@spillway/shared/events/put-in-order.ts';
import { REFUSED_EVENTS_PREFIX } from '@spillway/shared/events/refused.ts';
import type { RefusedPlace } from './resend.ts';

/**
 * The events that the bus, the topic and the Kinesis stream have refused, each to be sent to the same one again.
 *
 * @param archive the archive bucket
 * @param output an output of the streams stack
 */
export function refusedEvents(
  stage: string,
  archive: string,
  output: (name: string) => string,
): RefusedPlace<JobEvent>[] {
  const destinations = [
    busDestination(new EventBridgeClient(), output('BusName')),
    topicDestination(new SNSClient(), output('EventTopicArn')),
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

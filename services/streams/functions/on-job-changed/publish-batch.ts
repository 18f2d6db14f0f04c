import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import { outcomeOf } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { grouped } from '@spillway/shared/runtime/stream/grouped.ts';
import { BYTES_A_CALL, ENTRIES_A_CALL, type Refused } from './destination.ts';

/** An event as a message, with the attributes by which subscriptions filter. */
export function messageOf(event: JobEvent): Omit<PublishBatchRequestEntry, 'Id'> {
  const { type, data } = event;
  const attributes = { type, outcome: outcomeOf(type), tenant: data.tenant, jobType: data.jobType };
  return {
    Message: JSON.stringify(event),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes)
        .filter(([, value]) => value)
        .map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

/**
 * Publishes events on the topic, ten at a time and in order. A standard topic does not keep it.
 *
 * @returns the events that the topic refused; PublishBatch answers 200 even if some entries fail
 */
export async function publishBatch(client: Pick<SNSClient, 'send'>, TopicArn: string, events: readonly JobEvent[]) {
  const refused: Refused[] = [];
  for (const chunk of grouped(events, ENTRIES_A_CALL, BYTES_A_CALL, (event) => JSON.stringify(event))) {
    const PublishBatchRequestEntries = chunk.map((event, index) => ({ Id: String(index), ...messageOf(event) }));
    const { Failed = [] } = await client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    for (const { Id, Code = '', SenderFault = false } of Failed) {
      const event = chunk[Number(Id)];
      // a sender's fault may also be a missing permission, which somebody will add
      if (event) refused.push({ event, code: Code, forGood: SenderFault && Code.startsWith('InvalidParameter') });
    }
  }
  return refused;
}

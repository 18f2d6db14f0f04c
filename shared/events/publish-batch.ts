import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from '@aws-sdk/client-sns';
import { outcomeOf } from '../contracts/events/event-types.ts';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { type Destination, sendCalls } from '../runtime/stream/delivery.ts';
import { grouped } from '../runtime/stream/grouped.ts';
import { BYTES_A_CALL, ENTRIES_A_CALL } from './limits.ts';

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
 * Publishes events on the topic, ten at a time and in order. A standard topic does not keep it. PublishBatch answers 200 even if
 * some entries fail.
 */
export const topicDestination = (client: Pick<SNSClient, 'send'>, TopicArn: string): Destination<JobEvent> => ({
  name: 'topic',
  send: (events, abortSignal) =>
    sendCalls(grouped(events, ENTRIES_A_CALL, BYTES_A_CALL), async (chunk) => {
      const PublishBatchRequestEntries = chunk.map((event, index) => ({ Id: String(index), ...messageOf(event) }));
      const command = new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries });
      const { Failed = [] } = await client.send(command, { abortSignal });
      return Failed.flatMap(({ Id, Code = '', SenderFault = false }) => {
        const entry = chunk[Number(Id)];
        // a sender's fault may also be a missing permission, which somebody will add
        return entry ? [{ entry, code: Code, forGood: SenderFault && Code.startsWith('InvalidParameter') }] : [];
      });
    }),
});

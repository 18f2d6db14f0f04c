import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../attempt/ports.ts';

/** An SQS record as a message. */
export function messageOf(record: SQSRecord): Message {
  const attributes = Object.entries(record.messageAttributes).map(([name, { stringValue }]) => [
    name,
    stringValue ?? '',
  ]);
  return {
    messageId: record.messageId,
    body: record.body,
    attributes: Object.fromEntries(attributes),
    groupId: record.attributes.MessageGroupId,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    sentAt: new Date(Number(record.attributes.SentTimestamp)),
  };
}

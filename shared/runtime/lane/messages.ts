import type { Message as Received } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../attempt/message.ts';

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

/** A message that was received by a call, with all its attributes, instead of by an event source. */
export function receivedMessage({ MessageId = '', Body = '', MessageAttributes, Attributes }: Received): Message {
  const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [name, StringValue]);
  return {
    messageId: MessageId,
    body: Body,
    attributes: Object.fromEntries(attributes),
    groupId: Attributes?.MessageGroupId,
    receiveCount: Number(Attributes?.ApproximateReceiveCount),
    sentAt: new Date(Number(Attributes?.SentTimestamp)),
  };
}

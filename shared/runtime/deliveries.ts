import type { SQSRecord } from 'aws-lambda';
import type { Delivery } from '../attempt/ports.ts';

/** An SQS record in our words. */
export function deliveryOf(record: SQSRecord): Delivery {
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

/** A queue's URL from its ARN (arn:aws:sqs:region:account:name), at the endpoint that the clients use. */
export function queueUrlOf(queueArn: string): string {
  const [, partition, , region, account, name] = queueArn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const endpoint =
    process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL ?? `https://sqs.${region}.${domain}`;
  return `${endpoint}/${account}/${name}`;
}

import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AttributeName } from '../../contracts/submit-attributes.ts';
import { type QueueMessage, sendMessages } from '../send-messages.ts';

/** A message for a lane. */
export interface NewMessage {
  body: string;
  attributes: Readonly<Partial<Record<AttributeName, string>>>;
  groupId: string;
  /** For an ordered lane only. The same for every try, and for no other message. */
  deduplicationId?: string;
}

/** What became of a message: undefined if it is in the lane, else the error code of SQS. */
export type SendFailure = string | undefined;

/** Puts new messages into a lane. @returns what became of each, in the order of `messages` */
export async function sendAll(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly NewMessage[],
): Promise<SendFailure[]> {
  const failures = await sendMessages(sqs, queueUrl, messages.map(laneMessage));
  return failures.map((failure) => failure?.code);
}

/** What differs from {@link NewMessage} where a message is sent again, with attributes that we may not know. */
interface AnyMessage {
  body: string;
  attributes: Readonly<Record<string, string | undefined>>;
  groupId?: string | undefined;
  deduplicationId?: string;
  /** 0 to 900. A FIFO queue takes none. */
  delaySeconds?: number;
}

/** A message for a lane as SQS takes it. Attributes without a text are left out: SQS refuses them. */
export function laneMessage({ body, attributes, groupId, deduplicationId, delaySeconds }: AnyMessage): QueueMessage {
  const texts = Object.entries(attributes).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return {
    MessageBody: body,
    MessageAttributes: Object.fromEntries(
      texts.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
    MessageGroupId: groupId,
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { AttributeName } from '../../contracts/submit-attributes.ts';

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

/**
 * The limits of a call:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
const MOST_MESSAGES = 10;
const MOST_BYTES = 1_048_576;
/** How many calls are under way at the same time. An ordered lane gets one after the other, which keeps the order. */
const CONCURRENT_CALLS = 10;
/** How often messages that SQS did not take are tried again, with waits of up to 100, 200 and 400 ms. */
const RETRIES = 3;
const FIRST_WAIT_MS = 100;

/** A message's size as SQS counts it: the body, and the name, type and value of each attribute. */
export const messageBytes = ({ body, attributes }: NewMessage): number =>
  Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value),
    Buffer.byteLength(body),
  );

/**
 * Sends messages to a lane, ten in a call. In an ordered lane they arrive in their order, except that one which SQS
 * refuses at first comes after those in its call.
 *
 * @returns what became of each message, in the order of `messages`
 */
export async function sendAll(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly NewMessage[],
): Promise<SendFailure[]> {
  const failures: SendFailure[] = new Array(messages.length).fill(undefined);
  const calls = callsFor(messages);
  const worker = async () => {
    for (let call = calls.shift(); call; call = calls.shift()) {
      for (const [index, code] of await persistently(sqs, queueUrl, messages, call)) failures[index] = code;
    }
  };
  const workers = queueUrl.endsWith('.fifo') ? 1 : CONCURRENT_CALLS;
  await Promise.all(Array.from({ length: workers }, worker));
  return failures;
}

/** The indexes of the messages of each call. */
function callsFor(messages: readonly NewMessage[]): number[][] {
  const calls: number[][] = [];
  let bytes = 0;
  for (const [index, message] of messages.entries()) {
    const call = calls.at(-1);
    bytes += messageBytes(message);
    if (call && call.length < MOST_MESSAGES && bytes <= MOST_BYTES) call.push(index);
    else {
      calls.push([index]);
      bytes = messageBytes(message);
    }
  }
  return calls;
}

/** Sends the messages of a call until SQS has taken or refused each of them. @returns the failures by index */
async function persistently(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly NewMessage[],
  call: readonly number[],
): Promise<Map<number, string>> {
  const refused = new Map<number, string>();
  let left = new Map<number, string>(call.map((index) => [index, '']));
  for (let tries = 0; left.size > 0; tries += 1) {
    if (tries > RETRIES) break;
    if (tries > 0) await sleep(Math.random() * FIRST_WAIT_MS * 2 ** (tries - 1));
    const { failed, final } = await sendOnce(sqs, queueUrl, messages, [...left.keys()]);
    for (const [index, code] of final) refused.set(index, code);
    left = failed;
  }
  return new Map([...refused, ...left]);
}

/** One call. `failed` may be tried again, `final` may not. */
async function sendOnce(sqs: SQSClient, queueUrl: string, messages: readonly NewMessage[], indexes: readonly number[]) {
  const failed = new Map<number, string>();
  const final = new Map<number, string>();
  try {
    const Entries = indexes.flatMap((index) => entryOf(index, messages[index]));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    for (const { Id, Code = 'Unknown', SenderFault } of Failed) (SenderFault ? final : failed).set(Number(Id), Code);
  } catch (error) {
    // the SDK has tried the call several times
    for (const index of indexes) final.set(index, error instanceof Error ? error.name : 'Unknown');
  }
  return { failed, final };
}

function entryOf(index: number, message: NewMessage | undefined): SendMessageBatchRequestEntry[] {
  if (!message) return [];
  const { body, attributes, groupId, deduplicationId } = message;
  return [
    {
      Id: String(index),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
      MessageGroupId: groupId,
      ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    },
  ];
}

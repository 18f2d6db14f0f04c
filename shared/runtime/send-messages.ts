import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { MAXIMUM_MESSAGE_BYTES } from '../contracts/run-kinds.ts';
import { atOnce } from './at-once.ts';
import { grouped } from './stream/grouped.ts';

/** A message as SQS takes it. */
export type QueueMessage = Omit<SendMessageBatchRequestEntry, 'Id'>;

/** Why a message is not in its queue. */
export interface NotSent {
  /** The error code of SQS. */
  code: string;
  /** What SQS says about it. */
  reason: string;
}

/** What a call takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MOST_MESSAGES = 10;
const MOST_BYTES = MAXIMUM_MESSAGE_BYTES;
/** How many calls are under way at the same time. A FIFO queue gets one after the other, which keeps the order. */
const CONCURRENT_CALLS = 10;
/** How often messages that SQS did not take are tried again, with waits of up to 100, 200 and 400 ms. */
const RETRIES = 3;
const FIRST_WAIT_MS = 100;

/**
 * The errors of a message that SQS will never take: it became too long, or has characters that SQS refuses.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Errors
 */
const UNSENDABLE = /^Invalid(ParameterValue|MessageContents)/;
export const isUnsendable = (code: string): boolean => UNSENDABLE.test(code);

/** A message's size as SQS counts it: the body, and the name, type and value of each attribute. */
export const messageBytes = ({ MessageBody = '', MessageAttributes = {} }: QueueMessage): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) => sum + Buffer.byteLength(`${name}${DataType}${StringValue}`),
    Buffer.byteLength(MessageBody),
  );

/** Messages on their way into a queue. */
interface Sending {
  sqs: SQSClient;
  queueUrl: string;
  messages: readonly QueueMessage[];
  failures: (NotSent | undefined)[];
  callsAtOnce: number;
  /** Aborts the calls under way. No others are made then. */
  abortSignal: AbortSignal | undefined;
  /** Why a FIFO queue gets nothing more. */
  stoppedBy?: NotSent | undefined;
}

/**
 * Sends messages to a queue, as many in a call as it takes, and again those that SQS did not take. In a FIFO queue they arrive
 * in their order, except that one which SQS did not take at first comes after those in its call. So when SQS has not taken a
 * message after all tries, those behind its call are not sent, and have its failure. One that SQS will never take stops nothing.
 *
 * @param abortSignal until when it tries; by then it has the messages that are not in the queue as failures
 * @returns what became of each message, in the order of `messages`: undefined if it is in the queue
 */
export async function sendMessages(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
  abortSignal?: AbortSignal,
): Promise<(NotSent | undefined)[]> {
  const failures: (NotSent | undefined)[] = new Array(messages.length).fill(undefined);
  const callsAtOnce = isFifo(queueUrl) ? 1 : CONCURRENT_CALLS;
  const calls = grouped([...messages.keys()], MOST_MESSAGES, MOST_BYTES, (index) =>
    messageBytes(messages[index] as QueueMessage),
  );
  await sendCalls({ sqs, queueUrl, messages, failures, callsAtOnce, abortSignal }, calls);
  return failures;
}

const isFifo = (queueUrl: string) => queueUrl.endsWith('.fifo');

/** @param calls the indexes of the messages of each call */
async function sendCalls(sending: Sending, calls: readonly number[][]): Promise<void> {
  const { queueUrl, failures, callsAtOnce } = sending;
  await atOnce(calls, callsAtOnce, async (call) => {
    if (sending.stoppedBy) {
      const { code, reason } = sending.stoppedBy;
      for (const index of call) failures[index] = { code, reason: `not sent, to keep the order: ${reason}` };
      return;
    }
    let left = call;
    for (let tries = 0; left.length > 0 && tries <= RETRIES; tries += 1) {
      if (tries > 0) await sleep(Math.random() * FIRST_WAIT_MS * 2 ** (tries - 1));
      left = await sendOnce(sending, left);
    }
    if (!isFifo(queueUrl)) return;
    sending.stoppedBy ??= call
      .map((index) => failures[index])
      .find((failure) => failure && !isUnsendable(failure.code));
  });
}

/** One call, whose failures it notes. @returns the messages that may be tried again */
async function sendOnce(sending: Sending, indexes: readonly number[]): Promise<number[]> {
  const { sqs, queueUrl: QueueUrl, messages, failures, abortSignal } = sending;
  const Entries = indexes.map((index) => ({ ...(messages[index] as QueueMessage), Id: String(index) }));
  try {
    abortSignal?.throwIfAborted();
    const command = new SendMessageBatchCommand({ QueueUrl, Entries });
    const { Failed = [] } = await sqs.send(command, abortSignal && { abortSignal });
    for (const index of indexes) failures[index] = undefined;
    for (const { Id, Code = 'Unknown', Message = Code } of Failed)
      failures[Number(Id)] = { code: Code, reason: Message };
    return Failed.filter(({ SenderFault }) => !SenderFault).map(({ Id }) => Number(Id));
  } catch (error) {
    const { name: code, message: reason } = error as Error;
    // the SDK has tried the call several times
    for (const index of indexes) failures[index] = { code, reason };
    if (indexes.length === 1 || !isUnsendable(code)) return [];
    // one of them is at fault: alone, it does not stop the others
    await sendCalls(
      sending,
      indexes.map((index) => [index]),
    );
    return [];
  }
}

import { randomUUID } from 'node:crypto';
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '../../attempt/message.ts';
import type { LaneReturns } from '../../attempt/ports.ts';
import { isUnsendable, type QueueMessage } from '../send-messages.ts';
import { laneMessage } from './send-all.ts';

/** How a message is sent again. */
export interface Resend {
  jobId: string;
  /** 0 to 900. Not used in a FIFO queue, which cannot delay a single message. */
  delaySeconds: number;
}

/** SQS will never accept this message: it became too long, or it contains characters that SQS refuses. */
export class UnsendableError extends Error {
  override readonly name = 'UnsendableError';
  readonly code = 'UNSENDABLE';
}

/**
 * A copy of a message for the same job, as SQS takes it: with all attributes, the job's id, the group, and a new deduplication
 * id, without which FIFO would drop the copy for five minutes.
 */
export function copyOf(
  message: Pick<Message, 'body' | 'attributes'> & { groupId?: string | undefined },
  { jobId, delaySeconds }: Resend,
  fifo: boolean,
): QueueMessage {
  return laneMessage({
    ...message,
    // those that are not a text have none here, and are left out
    attributes: { ...message.attributes, jobId },
    ...(fifo ? { deduplicationId: randomUUID() } : { delaySeconds }),
  });
}

/**
 * Sends a {@link copyOf} a message.
 *
 * @throws UnsendableError if SQS would refuse it every time
 */
export async function resend(sqs: SQSClient, queueUrl: string, message: Message, again: Resend) {
  const command = new SendMessageCommand({ QueueUrl: queueUrl, ...copyOf(message, again, queueUrl.endsWith('.fifo')) });
  try {
    await sqs.send(command);
  } catch (error) {
    if (error instanceof Error && isUnsendable(error.name)) throw new UnsendableError(error.message, { cause: error });
    throw error;
  }
}

/**
 * @param queueUrl the lane's URL
 * @param receipts the receipt handle of each message of the batch, by message id
 */
export function laneReturns(sqs: SQSClient, queueUrl: string, receipts: ReadonlyMap<string, string>): LaneReturns {
  return {
    receiptOf: ({ messageId }) => receipts.get(messageId) ?? '',
    async showAgainAfter(message, seconds) {
      await sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receipts.get(message.messageId),
          VisibilityTimeout: seconds,
        }),
      );
    },
    sendAgain: (message, jobId, delaySeconds) => resend(sqs, queueUrl, message, { jobId, delaySeconds }),
  };
}

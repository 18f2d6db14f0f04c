import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The most that a call returns: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const BATCH = 10;
/**
 * Without waiting, SQS asks only some of its servers, and can miss the messages of a queue that has few
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html). This is the
 * shortest wait, and an idle run pays for it.
 */
const WAIT_SECONDS = 1;

/**
 * Receives the messages of a queue, and has each of them handled, until no more come or the time is up.
 *
 * @param handle must delete the message if it is done with, and returns whether it did; it never throws
 * @param timeLeft whether there is time for another batch
 * @throws the SDK's error if the queue cannot be read
 */
export async function drain(
  sqs: SQSClient,
  queueUrl: string,
  handle: (message: Message) => Promise<boolean>,
  timeLeft: () => boolean,
): Promise<void> {
  while (timeLeft()) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId', 'SentTimestamp'],
      }),
    );
    if (Messages.length === 0) return;
    await inOrder(Messages, queueUrl.endsWith('.fifo'), handle);
  }
}

/**
 * Handles messages at once, except those of a group of a FIFO queue: these one by one, and when one of them must come
 * again, so must all later ones, because the jobs of a key must not change their order. Until they are visible again, SQS
 * delivers no other message of their group
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html).
 *
 * @param handle returns whether the message is done with
 */
export async function inOrder(
  messages: readonly Message[],
  fifo: boolean,
  handle: (message: Message) => Promise<boolean>,
): Promise<void> {
  const groups = Map.groupBy(messages, ({ Attributes, MessageId }) => (fifo ? Attributes?.MessageGroupId : MessageId));
  await Promise.all(
    [...groups.values()].map(async (group) => {
      for (const message of group) if (!(await handle(message))) return;
    }),
  );
}

import { DeleteMessageCommand, type Message as Received } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { laneBehind } from '../../contracts/lane.ts';
import { jobReads } from '../../job-store/reads.ts';
import { jobWrites } from '../../job-store/writes.ts';
import { queueUrlOf, sqs } from '../aws.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { logger } from '../logging.ts';
import { objects } from '../objects.ts';
import { laneObserver } from '../observers.ts';
import { s3Archive } from './archive.ts';
import { drain } from './drain.ts';
import { receivedMessage } from './messages.ts';
import { recover } from './recover.ts';
import { laneReturns, resend } from './returns.ts';

/**
 * A batch is received only if this much time is left. Handling it takes a few calls for each of its messages, of
 * milliseconds each. If the function ends in the middle of a batch, its messages are visible again before the next run.
 */
const BATCH_MS = 20_000;

/**
 * The reader of a service's dead-letter queues, which its `tick-dead-letters/handler.ts` exports. It runs on a schedule
 * and empties the DLQs of all lanes side by side, so that a full one does not hold up the others.
 *
 * @returns a handler of scheduled events, which throws when it could not read one of the queues
 * @throws EnvironmentError while loading, naming a missing variable
 */
export function deadLetters() {
  const { JOBS_TABLE, ARCHIVE_BUCKET, STAGE, DEAD_LETTER_QUEUES } = environment({
    JOBS_TABLE: z.string(),
    ARCHIVE_BUCKET: z.string(),
    STAGE: z.string(),
    // ARNs, separated by commas
    DEAD_LETTER_QUEUES: z.string(),
  });
  const queue = sqs();
  const table = dynamo();
  const archiveBucket = objects(ARCHIVE_BUCKET);

  /** The handling of a DLQ's messages. As {@link drain} expects, it returns whether a message is done with. */
  function handling(queueArn: string) {
    const [deadLetterQueue = '', ...account] = queueArn.split(':').reverse();
    const { type, laneName } = laneBehind(deadLetterQueue, STAGE);
    const lane = { name: type, lane: { kind: laneName.endsWith('.fifo') ? 'ordered' : 'standard' } } as const;
    const laneUrl = queueUrlOf([laneName, ...account].reverse().join(':'));
    const queueUrl = queueUrlOf(queueArn);
    const observer = laneObserver(type);
    return async (received: Received): Promise<boolean> => {
      const message = receivedMessage(received);
      try {
        observer.gaveUpOn(message);
        const waitSeconds = await recover(message, type, {
          reads: jobReads(table, JOBS_TABLE),
          store: jobWrites(table, JOBS_TABLE),
          archive: s3Archive(lane, archiveBucket, archiveBucket),
          observer,
          returnToLane: (again) => resend(queue, laneUrl, message, again),
          now: () => new Date(),
        });
        const { ReceiptHandle = '' } = received;
        if (waitSeconds === 0) {
          await queue.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
          return true;
        }
        const receipts = new Map([[message.messageId, ReceiptHandle]]);
        await laneReturns(queue, queueUrl, receipts).showAgainAfter(message, waitSeconds);
      } catch (thrown) {
        observer.broke(message, thrown);
      } finally {
        observer.flush();
      }
      return false;
    };
  }

  return async (_event: unknown, context: Context): Promise<void> => {
    const timeLeft = () => context.getRemainingTimeInMillis() > BATCH_MS;
    const queues = DEAD_LETTER_QUEUES.split(',');
    const reads = await Promise.allSettled(queues.map((arn) => drain(queue, queueUrlOf(arn), handling(arn), timeLeft)));
    const failures = reads.flatMap((read) => (read.status === 'rejected' ? [read.reason] : []));
    for (const error of failures) logger.error('could not read a dead-letter queue', { error });
    // the alarm counts failed runs; the next run reads the queue again
    if (failures.length > 0) throw failures[0];
  };
}

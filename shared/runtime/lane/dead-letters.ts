import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { laneBehind } from '../../contracts/lane.ts';
import { jobReads } from '../../job-store/reads.ts';
import { jobWrites } from '../../job-store/writes.ts';
import { queueUrlOf, sqs } from '../aws.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { objects } from '../objects.ts';
import { laneObserver } from '../observers.ts';
import { s3Archive } from './archive.ts';
import { messageOf } from './messages.ts';
import { recover } from './recover.ts';
import { laneReturns, resend } from './returns.ts';

/**
 * The reader of a service's dead-letter queues, which its `on-dead-letter/handler.ts` exports. It reads the DLQs of all
 * lanes; the messages of a batch come from one of them.
 *
 * @returns an SQS batch handler that reports only the messages that must come again
 * @throws EnvironmentError while loading, naming a missing variable
 */
export function deadLetters() {
  const { JOBS_TABLE, ARCHIVE_BUCKET, STAGE } = environment({
    JOBS_TABLE: z.string(),
    ARCHIVE_BUCKET: z.string(),
    STAGE: z.string(),
  });
  const queue = sqs();
  const table = dynamo();
  const archiveBucket = objects(ARCHIVE_BUCKET);

  /** @returns whether the message may be deleted */
  async function handleRecord(record: SQSRecord): Promise<boolean> {
    const message = messageOf(record);
    const [deadLetterQueue = '', ...account] = record.eventSourceARN.split(':').reverse();
    const { type, laneName } = laneBehind(deadLetterQueue, STAGE);
    const laneArn = [laneName, ...account].reverse().join(':');
    const observer = laneObserver(type);
    try {
      const waitSeconds = await recover(message, type, {
        reads: jobReads(table, JOBS_TABLE),
        store: jobWrites(table, JOBS_TABLE),
        archive: s3Archive(type, archiveBucket, archiveBucket),
        observer,
        returnToLane: (again) => resend(queue, queueUrlOf(laneArn), message, again),
        now: () => new Date(),
      });
      if (waitSeconds === 0) return true;
      const receipts = new Map([[record.messageId, record.receiptHandle]]);
      await laneReturns(queue, queueUrlOf(record.eventSourceARN), receipts).showAgainAfter(message, waitSeconds);
    } catch (thrown) {
      observer.broke(message, thrown);
    } finally {
      observer.flush();
    }
    return false;
  }

  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const again = await inOrder(Records, handleRecord);
    return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/**
 * Handles records one by one. In a FIFO queue, if a record must come again, the later records of its group must come again,
 * too; otherwise the jobs of its key would change their order
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 *
 * @param handle returns whether the message may be deleted
 * @returns the ids of the messages that must come again
 */
export async function inOrder(
  records: readonly SQSRecord[],
  handle: (record: SQSRecord) => Promise<boolean>,
): Promise<string[]> {
  const again: string[] = [];
  const heldGroups = new Set<string>();
  for (const record of records) {
    const group = record.eventSourceARN.endsWith('.fifo') ? record.attributes.MessageGroupId : undefined;
    if (!(group && heldGroups.has(group)) && (await handle(record))) continue;
    again.push(record.messageId);
    if (group) heldGroups.add(group);
  }
  return again;
}

import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { jobWrites } from '@spillway/shared/job-store/writes.ts';
import { s3Archive } from '@spillway/shared/runtime/archive.ts';
import { dynamo } from '@spillway/shared/runtime/clients.ts';
import { deliveryOf, queueUrlOf } from '@spillway/shared/runtime/deliveries.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { laneReturns, resend } from '@spillway/shared/runtime/lane-returns.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import { observer } from '@spillway/shared/runtime/observer.ts';
import { sqs } from '@spillway/shared/runtime/queue-client.ts';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { inOrder } from './in-order.ts';
import { laneBehind, recover } from './recover.ts';

const { JOBS_TABLE, ARCHIVE_BUCKET, STAGE } = environment({
  JOBS_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  STAGE: z.string(),
});
const queue = sqs();
const table = dynamo();
const archiveBucket = objects(ARCHIVE_BUCKET);

/** Every lane's DLQ leads here; a batch comes from one of them. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const again = await inOrder(Records, handleRecord);
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns whether the message may be deleted */
async function handleRecord(record: SQSRecord): Promise<boolean> {
  const delivery = deliveryOf(record);
  const { type, laneArn } = laneBehind(record.eventSourceARN, STAGE);
  const watch = observer(type);
  try {
    const waitSeconds = await recover(delivery, type, {
      reads: jobReads(table, JOBS_TABLE),
      store: jobWrites(table, JOBS_TABLE),
      archive: s3Archive(type, archiveBucket, archiveBucket),
      observer: watch,
      returnToLane: (again) => resend(queue, queueUrlOf(laneArn), delivery, again),
      now: () => new Date(),
    });
    if (waitSeconds === 0) return true;
    const receipts = new Map([[record.messageId, record.receiptHandle]]);
    await laneReturns(queue, queueUrlOf(record.eventSourceARN), receipts).showAgainAfter(delivery, waitSeconds);
  } catch (thrown) {
    watch.broke(delivery, thrown);
  } finally {
    watch.flush();
  }
  return false;
}

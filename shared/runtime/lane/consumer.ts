import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { AttemptTools } from '../../attempt/attempt-tools.ts';
import { handleBatch } from '../../attempt/batch.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { jobWrites } from '../../job-store/writes.ts';
import { queueUrlOf, sqs } from '../aws.ts';
import { dueQueue } from '../due/due-queue.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { jobLogger } from '../logging.ts';
import { objects } from '../objects.ts';
import { laneObserver } from '../observers.ts';
import { s3Requests } from '../s3-requests.ts';
import { s3Archive } from './archive.ts';
import { messageOf } from './messages.ts';
import { creatorOf } from './result-files.ts';
import { laneReturns } from './returns.ts';
import { openerOf } from './uploads.ts';

/**
 * The consumer of a job type's lane, which a job type's `handler.ts` exports.
 *
 * @param goesOn see {@link AttemptTools.goesOn}
 * @returns an SQS batch handler that reports only the messages that must come again
 * @throws EnvironmentError while loading, naming a missing variable
 */
export function consumer<Input, Result>(
  jobType: JobType<Input, Result>,
  run: AttemptTools<Input, Result>['run'],
  goesOn?: AttemptTools<Input, Result>['goesOn'],
) {
  const { JOBS_TABLE, ARCHIVE_BUCKET, PAYLOAD_BUCKET, UPLOAD_BUCKET, DUE_QUEUE_ARN } = environment({
    JOBS_TABLE: z.string(),
    ARCHIVE_BUCKET: z.string(),
    PAYLOAD_BUCKET: z.string(),
    UPLOAD_BUCKET: z.optional(z.string()),
    DUE_QUEUE_ARN: z.string(),
  });
  const queue = sqs();
  const observer = laneObserver(jobType.name);
  const tools = {
    jobType,
    run,
    ...(goesOn && { goesOn }),
    store: jobWrites(dynamo(), JOBS_TABLE),
    archive: s3Archive(jobType, objects(ARCHIVE_BUCKET), objects(PAYLOAD_BUCKET)),
    files: {
      open: openerOf(UPLOAD_BUCKET === undefined ? undefined : s3Requests(UPLOAD_BUCKET)),
      create: creatorOf(s3Requests(PAYLOAD_BUCKET)),
    },
    due: dueQueue(queue, DUE_QUEUE_ARN),
    observer,
    loggerFor: jobLogger,
    now: () => new Date(),
    random: Math.random,
  };

  return async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const receipts = new Map(Records.map(({ messageId, receiptHandle }) => [messageId, receiptHandle]));
    const laneArn = Records[0]?.eventSourceARN ?? '';
    const lane = laneReturns(queue, queueUrlOf(laneArn), receipts);
    const laneName = laneArn.slice(laneArn.lastIndexOf(':') + 1);
    const remainingMs = () => context.getRemainingTimeInMillis();
    try {
      const again = await handleBatch(Records.map(messageOf), remainingMs, { ...tools, lane, laneName });
      return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
    } finally {
      observer.flush();
    }
  };
}

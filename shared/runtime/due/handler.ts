import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { dueReads } from '../../job-store/due-reads.ts';
import { dueWrites } from '../../job-store/due-writes.ts';
import { sqs } from '../aws.ts';
import { dynamo } from '../dynamo.ts';
import { environment } from '../environment.ts';
import { s3Archive } from '../lane/archive.ts';
import { objects } from '../objects.ts';
import { laneObserver } from '../observers.ts';
import { dueQueue } from './due-queue.ts';
import { laneSender } from './lane-sender.ts';
import { handleDue } from './on-due.ts';

/**
 * The reader of the queue of references, which processing's `on-due/handler.ts` exports.
 *
 * @returns an SQS batch handler that reports only the messages that must come again
 * @throws EnvironmentError while loading, naming a missing variable
 */
export function onDue() {
  const { JOBS_TABLE, ARCHIVE_BUCKET, PAYLOAD_BUCKET, STAGE, FIRST_LOOK_SECONDS } = environment({
    JOBS_TABLE: z.string(),
    ARCHIVE_BUCKET: z.string(),
    PAYLOAD_BUCKET: z.string(),
    STAGE: z.string(),
    FIRST_LOOK_SECONDS: z.coerce.number(),
  });
  const queue = sqs();
  const table = dynamo();
  const archive = objects(ARCHIVE_BUCKET);
  const payloads = objects(PAYLOAD_BUCKET);
  const reads = dueReads(table, JOBS_TABLE);
  const store = dueWrites(table, JOBS_TABLE);

  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const observers = new Map<string, ReturnType<typeof laneObserver>>();
    const observerFor = (type: string) => {
      const observer = observers.get(type) ?? laneObserver(type);
      observers.set(type, observer);
      return observer;
    };
    const queueArn = event.Records[0]?.eventSourceARN ?? '';
    try {
      return await handleDue(event, {
        reads,
        store,
        inputs: archive,
        payloads,
        lanes: laneSender(queue, queueArn),
        due: dueQueue(queue, queueArn),
        stage: STAGE,
        firstLookSeconds: FIRST_LOOK_SECONDS,
        archiveFor: ({ type, kept }) =>
          s3Archive(
            { name: type, lane: { kind: isOrdered(kept?.lane ?? '') ? 'ordered' : 'standard' } },
            archive,
            archive,
          ),
        observerFor,
        now: () => new Date(),
      });
    } finally {
      for (const observer of observers.values()) observer.flush();
    }
  };
}

const isOrdered = (queueName: string) => queueName.endsWith('.fifo');

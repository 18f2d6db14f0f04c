import { dueWrites } from '@spillway/shared/job-store/due-writes.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { moveJob } from './move-job.ts';

const { JOBS_TABLE, DUE_QUEUE_ARN } = environment({ JOBS_TABLE: z.string(), DUE_QUEUE_ARN: z.string() });
const tools = {
  store: dueWrites(dynamo(), JOBS_TABLE),
  due: dueQueue(sqs(), DUE_QUEUE_ARN),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () =>
    moveJob(
      {
        ...callerOf(event),
        jobId: event.pathParameters?.jobId ?? '',
        path: event.requestContext.path,
        body: event.body ?? '',
      },
      tools,
    ),
  );

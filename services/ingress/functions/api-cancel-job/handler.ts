import { jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { sqs, standardWorkflows } from '@spillway/shared/runtime/aws.ts';
import { cancelling } from '@spillway/shared/runtime/cancel/cancel.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import { laneObserver } from '@spillway/shared/runtime/observers.ts';
import { stopping } from '@spillway/shared/runtime/workflow/stop.ts';
import { executionArn } from '@spillway/shared/runtime/workflow/workflow.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { cancelJob } from './cancel-job.ts';

const { JOBS_TABLE, EXECUTIONS_ARN, STAGE, DUE_QUEUE_ARN, FIRST_LOOK_SECONDS } = environment({
  JOBS_TABLE: z.string(),
  EXECUTIONS_ARN: z.string(),
  STAGE: z.string(),
  DUE_QUEUE_ARN: z.string(),
  FIRST_LOOK_SECONDS: z.coerce.number(),
});
const tools = {
  cancel: cancelling({
    cancels: jobCancels(dynamo(), JOBS_TABLE),
    stop: stopping(standardWorkflows(), executionArn(EXECUTIONS_ARN, STAGE)),
    due: dueQueue(sqs(), DUE_QUEUE_ARN),
    firstLookSeconds: FIRST_LOOK_SECONDS,
    logger,
  }),
  observerFor: laneObserver,
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () =>
    cancelJob(
      {
        ...callerOf(event),
        jobId: event.pathParameters?.jobId ?? '',
        acceptedAt: event.queryStringParameters?.acceptedAt,
        path: event.requestContext.path,
        requestId: event.requestContext.requestId,
      },
      tools,
    ),
  );

import { jobWaits } from '@spillway/shared/job-store/waits.ts';
import { sqs, standardWorkflows } from '@spillway/shared/runtime/aws.ts';
import { dueQueue } from '@spillway/shared/runtime/due/due-queue.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import { goOn } from '@spillway/shared/runtime/workflow/go-on.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { decideJob } from './decide-job.ts';

const { JOBS_TABLE, DUE_QUEUE_ARN, FIRST_LOOK_SECONDS } = environment({
  JOBS_TABLE: z.string(),
  DUE_QUEUE_ARN: z.string(),
  FIRST_LOOK_SECONDS: z.coerce.number(),
});
const client = standardWorkflows();
const tools = {
  waits: jobWaits(dynamo(), JOBS_TABLE),
  goOn: goOn(client),
  due: dueQueue(sqs(), DUE_QUEUE_ARN),
  firstLookSeconds: FIRST_LOOK_SECONDS,
  now: () => new Date(),
  logger,
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () =>
    decideJob(
      {
        ...callerOf(event),
        jobId: event.pathParameters?.jobId ?? '',
        path: event.requestContext.path,
        body: event.body ?? '',
      },
      tools,
    ),
  );

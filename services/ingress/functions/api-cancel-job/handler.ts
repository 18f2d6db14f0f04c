import { jobCancels } from '@spillway/shared/job-store/cancels.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { laneObserver } from '@spillway/shared/runtime/observers.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { cancelJob } from './cancel-job.ts';

const { JOBS_TABLE } = environment({ JOBS_TABLE: z.string() });
const tools = { cancels: jobCancels(dynamo(), JOBS_TABLE), observerFor: laneObserver, now: () => new Date() };

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

import { failureReads } from '@spillway/shared/job-store/failures.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { readOwners } from '../../owners.ts';
import { platformLane } from '../../platform-jobs.ts';
import { createReplay } from './create-replay.ts';

const { JOBS_TABLE, JOB_TYPE_OWNERS, LANES_ARN, STAGE } = environment({
  JOBS_TABLE: z.string(),
  JOB_TYPE_OWNERS: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const types = Object.keys(readOwners(JOB_TYPE_OWNERS));
const tools = {
  reads: failureReads(dynamo(), JOBS_TABLE),
  send: platformLane('replay-jobs', LANES_ARN, STAGE),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => {
    const { requestId, path } = event.requestContext;
    return createReplay(event.body ?? '', types, { requestId, path }, tools);
  });

import { contractOf } from '@spillway/shared/contracts/contract-of.ts';
import { jobMatches } from '@spillway/shared/job-store/matches.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf, headerOf, stagePathOf } from '../../light-function.ts';
import { platformLane } from '../../platform-jobs.ts';
import { createCancellation } from './create-cancellation.ts';

const { JOBS_TABLE, LANES_ARN, STAGE } = environment({
  JOBS_TABLE: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const tools = {
  matches: jobMatches(dynamo(), JOBS_TABLE),
  send: platformLane('cancel-jobs', LANES_ARN, STAGE),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const { tenant, type } = callerOf(event);
    return createCancellation(
      {
        tenant,
        body: event.body ?? '',
        key: headerOf(event, 'Idempotency-Key'),
        requestId: event.requestContext.requestId,
        stagePath: stagePathOf(event),
      },
      await contractOf(type),
      tools,
    );
  });

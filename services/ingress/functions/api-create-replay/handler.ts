import { laneName } from '@spillway/shared/contracts/lane.ts';
import { failureReads } from '@spillway/shared/job-store/failures.ts';
import { queueUrlOf, sqs } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { sendAll } from '@spillway/shared/runtime/lane/send-all.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { readOwners } from '../../owners.ts';
import { createReplay } from './create-replay.ts';

const { JOBS_TABLE, JOB_TYPE_OWNERS, LANES_ARN, STAGE } = environment({
  JOBS_TABLE: z.string(),
  JOB_TYPE_OWNERS: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const types = Object.keys(readOwners(JOB_TYPE_OWNERS));
const queue = sqs();
const lane = queueUrlOf(`${LANES_ARN}:${laneName({ name: 'replay-jobs', lane: { kind: 'standard' } }, STAGE)}`);
const tools = {
  reads: failureReads(dynamo(), JOBS_TABLE),
  send: async (message: Parameters<typeof sendAll>[2][number]) => {
    const [failure] = await sendAll(queue, lane, [message]);
    if (failure) throw new Error(`the lane of replay-jobs did not take the job: ${failure}`);
  },
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => {
    const { requestId, path } = event.requestContext;
    return createReplay(event.body ?? '', types, { requestId, path }, tools);
  });

import { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { getJob } from './get-job.ts';
import { withBlockedKeys } from './with-blocked-keys.ts';

const { JOBS_TABLE, PAYLOAD_BUCKET, STOPPING_TYPES } = environment({
  JOBS_TABLE: z.string(),
  PAYLOAD_BUCKET: z.string(),
  STOPPING_TYPES: z.string(),
});
const tools = { reads: jobReads(dynamo(), JOBS_TABLE), payloads: objects(PAYLOAD_BUCKET), now: () => new Date() };
const blocked = blockedReads(dynamo(), JOBS_TABLE);
const stoppingTypes = z.array(z.string()).parse(JSON.parse(STOPPING_TYPES));

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const caller = callerOf(event);
    const job = await getJob(
      {
        ...caller,
        jobId: event.pathParameters?.jobId ?? '',
        acceptedAt: event.queryStringParameters?.acceptedAt,
        path: event.requestContext.path,
      },
      tools,
    );
    return withBlockedKeys(job, caller.tenant, { blocked, stoppingTypes });
  });

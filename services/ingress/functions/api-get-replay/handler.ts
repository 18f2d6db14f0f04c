import { ADMIN_TENANT } from '@spillway/shared/contracts/failure.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { withRecords } from '../../with-records.ts';
import { getJob } from '../api-get-job/get-job.ts';

const { JOBS_TABLE, PAYLOAD_BUCKET } = environment({ JOBS_TABLE: z.string(), PAYLOAD_BUCKET: z.string() });
const payloads = objects(PAYLOAD_BUCKET);
const tools = { reads: jobReads(dynamo(), JOBS_TABLE), payloads, now: () => new Date() };

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const job = await getJob(
      {
        tenant: ADMIN_TENANT,
        type: 'replay-jobs',
        jobId: event.pathParameters?.jobId ?? '',
        acceptedAt: event.queryStringParameters?.acceptedAt,
        path: event.requestContext.path,
      },
      tools,
    );
    return withRecords(job, payloads);
  });

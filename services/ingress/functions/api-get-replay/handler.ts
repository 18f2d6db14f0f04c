import { ADMIN_TENANT } from '@spillway/shared/contracts/failure.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { getPlatformJob } from '../../get-platform-job.ts';
import { answer } from '../../light-function.ts';

const { JOBS_TABLE, PAYLOAD_BUCKET } = environment({ JOBS_TABLE: z.string(), PAYLOAD_BUCKET: z.string() });
const tools = { reads: jobReads(dynamo(), JOBS_TABLE), payloads: objects(PAYLOAD_BUCKET), now: () => new Date() };

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => getPlatformJob(event, { tenant: ADMIN_TENANT, type: 'replay-jobs' }, tools));

import { contractOf } from '@spillway/shared/contracts/contract-of.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf } from '../../light-function.ts';
import { queryOf } from '../../page-parameters.ts';
import { listJobs } from './list-jobs.ts';

const { JOBS_TABLE } = environment({ JOBS_TABLE: z.string() });
const reads = jobReads(dynamo(), JOBS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => listJobs(callerOf(event), queryOf(event), { reads, contractOf }));

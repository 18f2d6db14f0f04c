import { blockedReads } from '@spillway/shared/job-store/blocked-reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { readOwners } from '../../owners.ts';
import { queryOf } from '../../page-parameters.ts';
import { listBlockedKeys } from './list-blocked-keys.ts';

const { JOBS_TABLE, JOB_TYPE_OWNERS } = environment({ JOBS_TABLE: z.string(), JOB_TYPE_OWNERS: z.string() });
const types = Object.keys(readOwners(JOB_TYPE_OWNERS));
const reads = blockedReads(dynamo(), JOBS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () => listBlockedKeys(queryOf(event), types, reads));

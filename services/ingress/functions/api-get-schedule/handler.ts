import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, Problem, stagePathOf, tenantOf } from '../../light-function.ts';
import { lastRun, viewOf } from '../../schedules/schedule-view.ts';
import { SCHEDULE_VARIABLES, schedules } from '../../schedules/schedules.ts';

const { JOBS_TABLE, ...places } = environment({ ...SCHEDULE_VARIABLES, JOBS_TABLE: z.string() });
const store = schedules(places);
const reads = jobReads(dynamo(), JOBS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const tenant = tenantOf(event);
    const stagePath = stagePathOf(event);
    const name = event.pathParameters?.name ?? '';
    const schedule = await store.get(tenant, name);
    if (!schedule) throw new Problem('unknownSchedule', { name });
    const now = new Date();
    const last = await lastRun(tenant, schedule, stagePath, { reads, now });
    return { ...viewOf(schedule, stagePath, now), ...(last && { lastRun: last }) };
  });

import type { ScheduleList } from '@spillway/shared/contracts/schedules.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { answer, stagePathOf, tenantOf } from '../../light-function.ts';
import { viewOf } from '../../schedules/schedule-view.ts';
import { SCHEDULE_VARIABLES, schedules } from '../../schedules/schedules.ts';

const store = schedules(environment(SCHEDULE_VARIABLES));

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async (): Promise<ScheduleList> => {
    const tenant = tenantOf(event);
    const found = await store.list(tenant);
    const now = new Date();
    return { schedules: found.map((schedule) => viewOf(schedule, stagePathOf(event), now)) };
  });

import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, answer, Problem, tenantOf } from '../../light-function.ts';
import { SCHEDULE_VARIABLES, schedules } from '../../schedules/schedules.ts';

const store = schedules(environment(SCHEDULE_VARIABLES));

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const name = event.pathParameters?.name ?? '';
    if (!(await store.remove(tenantOf(event), name))) throw new Problem('unknownSchedule', { name });
    return new Answer(204, undefined);
  });

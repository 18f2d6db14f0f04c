import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf, tenantOf } from '../../light-function.ts';
import { SCHEDULE_VARIABLES, schedules } from '../../schedules/schedules.ts';
import { putSchedule } from './put-schedule.ts';

const { STAGE, QUEUE_ARNS, ...places } = environment({
  ...SCHEDULE_VARIABLES,
  STAGE: z.string(),
  QUEUE_ARNS: z.string(),
});
const tools = { store: schedules(places), stage: STAGE, queueArns: QUEUE_ARNS, now: () => new Date() };

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () =>
    putSchedule(
      {
        tenant: tenantOf(event),
        name: event.pathParameters?.name ?? '',
        body: event.body ?? '',
        stagePath: stagePathOf(event),
      },
      tools,
    ),
  );

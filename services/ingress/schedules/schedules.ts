import { scheduler } from '@spillway/shared/runtime/aws.ts';
import * as z from 'zod/mini';
import { scheduleStore } from './schedule-store.ts';

/** The variables that every function for schedules needs. */
export const SCHEDULE_VARIABLES = {
  SCHEDULE_GROUP: z.string(),
  SCHEDULE_ROLE_ARN: z.string(),
  SCHEDULE_DEAD_LETTER_ARN: z.string(),
  SCHEDULE_TARGET_ARN: z.string(),
};

/** The schedules of the stage that the variables name. */
export const schedules = (variables: Record<keyof typeof SCHEDULE_VARIABLES, string>) =>
  scheduleStore(scheduler(), {
    group: variables.SCHEDULE_GROUP,
    roleArn: variables.SCHEDULE_ROLE_ARN,
    deadLetterArn: variables.SCHEDULE_DEAD_LETTER_ARN,
    targetArn: variables.SCHEDULE_TARGET_ARN,
  });

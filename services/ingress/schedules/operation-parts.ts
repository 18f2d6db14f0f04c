import { SCHEDULE_NAME } from '@spillway/shared/contracts/schedules.ts';
import type { Parameter } from '../resources/operation-description.ts';

/** The path parameter of a schedule. */
export const nameParameter: Parameter = {
  name: 'name',
  in: 'path',
  required: true,
  description: "The schedule's name.",
  schema: { type: 'string', pattern: SCHEDULE_NAME.source },
};

import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { nameParameter } from '../../schedules/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Shows a schedule with its last and its next run.',
  parameters: [nameParameter],
  answers: { 200: { description: 'The schedule.', schema: schemaRef('Schedule') } },
  problems: ['unknownSchedule'],
});

import type { DescribeOperation } from '../../resources/operation-description.ts';
import { nameParameter } from '../../schedules/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Deletes a schedule. Jobs that it has submitted stay.',
  parameters: [nameParameter],
  answers: { 204: { description: 'The schedule is deleted.' } },
  problems: ['unknownSchedule'],
});

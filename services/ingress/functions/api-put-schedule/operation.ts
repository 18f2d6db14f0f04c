import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { nameParameter } from '../../schedules/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary:
    "Creates a schedule, or replaces the one of that name. At each of its times it submits a job, whose id is the schedule's name and the time.",
  parameters: [nameParameter],
  body: {
    schema: schemaRef('ScheduleDefinition'),
    example: {
      type: 'csv-import',
      input: csvImport.example.input,
      expression: 'cron(0 3 * * ? *)',
      timezone: 'Europe/Berlin',
    },
  },
  answers: {
    200: { description: 'The schedule was replaced.', schema: schemaRef('Schedule') },
    201: { description: 'The schedule is new.', schema: schemaRef('Schedule') },
  },
  problems: ['notJson', 'badBody', 'tooManySchedules'],
});

import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = () => ({
  summary: "Lists this tenant's schedules, without their last runs.",
  answers: { 200: { description: 'All schedules.', schema: schemaRef('ScheduleList') } },
  problems: [],
});

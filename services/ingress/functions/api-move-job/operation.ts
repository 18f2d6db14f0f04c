import { TIME_RULE } from '@spillway/shared/contracts/times.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = ({ name, id }) => ({
  summary: `Moves a scheduled ${name} job to another time.`,
  body: {
    schema: {
      type: 'object',
      required: ['runAfter'],
      additionalProperties: false,
      properties: {
        runAfter: {
          type: ['string', 'integer'],
          description: `When the job may start: ${TIME_RULE}. A time in the past means now.`,
        },
      },
    },
    example: { runAfter: 3600 },
  },
  answers: { 200: { description: 'The job, at its new time.', schema: schemaRef(`${id}Job`) } },
  problems: ['notJson', 'badMove', 'unknownJob', 'notScheduled'],
});

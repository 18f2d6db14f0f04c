import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { LATEST_ACCEPTED_AT } from './get-job.ts';

export const operation: DescribeOperation = ({ name, id }) => ({
  summary: `Shows a ${name} job.`,
  parameters: [
    {
      name: 'acceptedAt',
      in: 'query',
      description:
        'From the Location of the submit: with it, a job that no consumer has seen yet is QUEUED and not unknown.',
      schema: { type: 'integer', format: 'int64', minimum: 1, maximum: LATEST_ACCEPTED_AT },
    },
  ],
  answers: { 200: { description: 'The job.', schema: schemaRef(`${id}Job`) } },
  problems: ['badParameter', 'unknownJob', 'forgottenJob'],
});

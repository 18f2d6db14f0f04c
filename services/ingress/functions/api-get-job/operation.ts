import { type DescribeOperation, schemaRef } from '../../resources/operation.ts';

export const operation: DescribeOperation = ({ name, id }) => ({
  summary: `Shows a ${name} job.`,
  parameters: [
    {
      name: 'acceptedAt',
      in: 'query',
      description:
        'From the Location of the submit: with it, a job that no consumer has seen yet is QUEUED and not unknown.',
      schema: { type: 'integer', format: 'int64' },
    },
  ],
  answer: { description: 'The job.', schema: schemaRef(`${id}Job`) },
  problems: ['badParameter', 'unknownJob', 'forgottenJob'],
});

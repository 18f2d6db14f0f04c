import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = ({ name, searchKeys }) => ({
  summary: `Cancels this tenant's ${name} jobs that fit all of a filter, as a job of its own. With dryRun, it only counts them. Jobs that no consumer has seen yet are not found: repeat the request, or cancel each with its acceptedAt.${
    searchKeys.length > 0 ? ` The filter may also have ${searchKeys.join(', ')}.` : ''
  }`,
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same key again is the same request.',
      schema: { type: 'string' },
    },
  ],
  body: { schema: schemaRef('Cancellation'), example: { filter: { status: 'QUEUED' }, dryRun: true } },
  answers: {
    200: { description: 'What a dry run counted.', schema: schemaRef('Counted') },
    202: { description: 'The job that cancels them was submitted.', schema: schemaRef('Accepted') },
  },
  problems: ['notJson', 'cancellationRefused'],
});

import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = () => ({
  summary:
    'Shows how far a cancellation of many jobs is. Its result has links to a record for each job, which are valid for five minutes.',
  answers: { 200: { description: 'The job that cancels them.', schema: schemaRef('Job') } },
  problems: ['badParameter', 'unknownJob', 'forgottenJob'],
});

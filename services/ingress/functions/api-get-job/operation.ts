import { acceptedAtParameter } from '../../resources/accepted-at-parameter.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = ({ name, id }) => ({
  summary: `Shows a ${name} job.`,
  parameters: [acceptedAtParameter('With it, a job that no consumer has seen yet is QUEUED and not unknown.')],
  answers: { 200: { description: 'The job.', schema: schemaRef(`${id}Job`) } },
  problems: ['badParameter', 'unknownJob', 'forgottenJob'],
});

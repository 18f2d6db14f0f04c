import { acceptedAtParameter } from '../../resources/accepted-at-parameter.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = ({ name, id }) => ({
  summary: `Cancels a ${name} job. One that waits is CANCELLED at once. One that runs is CANCELLED when it has stopped, unless it succeeds before it sees the request.`,
  parameters: [
    acceptedAtParameter('With it, a job is also cancelled if no consumer has seen it yet, and is not unknown.'),
  ],
  answers: { 202: { description: 'The job as it is now.', schema: schemaRef(`${id}Job`) } },
  problems: ['badParameter', 'unknownJob', 'forgottenJob', 'alreadySettled'],
});

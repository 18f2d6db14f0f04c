import { NO_TENANT } from '@spillway/shared/contracts/failure.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Shows a failure: the input, the attempts, the errors and a link to the logs.',
  parameters: [
    {
      name: 'tenant',
      in: 'path',
      required: true,
      description: `"${NO_TENANT}" for a parked message that belongs to no job; its job id is the message's id.`,
      schema: { type: 'string' },
    },
    { name: 'type', in: 'path', required: true, description: 'The job type.', schema: { type: 'string' } },
  ],
  answers: { 200: { description: 'The failure.', schema: schemaRef('FailureDetail') } },
  problems: ['unknownFailure'],
});

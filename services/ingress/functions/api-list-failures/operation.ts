import { NO_TENANT, PARKED_CODE } from '@spillway/shared/contracts/failure.ts';
import { CURSOR, LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

export const operation: DescribeOperation = () => ({
  summary: 'Lists the failures of all tenants, newest first: failed and expired jobs, and parked messages.',
  parameters: [
    { name: 'type', in: 'query', description: 'The job type.', schema: text },
    {
      name: 'tenant',
      in: 'query',
      description: `Parked messages that belong to no job have the tenant "${NO_TENANT}".`,
      schema: text,
    },
    {
      name: 'code',
      in: 'query',
      description: `The error's code; parked messages have the code ${PARKED_CODE}.`,
      schema: text,
    },
    { name: 'from', in: 'query', description: 'Failed at this time or later.', schema: time },
    { name: 'to', in: 'query', description: 'Failed before this time.', schema: time },
    { name: 'replayed', in: 'query', schema: { type: 'boolean' } },
    { name: 'cursor', in: 'query', description: 'From the page before.', schema: { ...text, pattern: CURSOR.source } },
    {
      name: 'limit',
      in: 'query',
      description: 'A page can be shorter, or even empty, and still have a cursor.',
      schema: { type: 'integer', minimum: 1, maximum: LONGEST_PAGE, default: USUAL_PAGE },
    },
  ],
  answers: { 200: { description: 'A page of failures.', schema: schemaRef('FailureList') } },
  problems: ['badParameter'],
});

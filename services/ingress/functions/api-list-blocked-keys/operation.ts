import { CURSOR, LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

const text = { type: 'string' };

export const operation: DescribeOperation = () => ({
  summary:
    'Lists the order keys of all tenants that are blocked by a FAILED job, in lanes that stop on failures. The newest failure comes first.',
  parameters: [
    { name: 'type', in: 'query', description: 'The job type.', schema: text },
    { name: 'tenant', in: 'query', schema: text },
    { name: 'cursor', in: 'query', description: 'From the page before.', schema: { ...text, pattern: CURSOR.source } },
    {
      name: 'limit',
      in: 'query',
      description: 'A page can be shorter, or even empty, and still have a cursor.',
      schema: { type: 'integer', minimum: 1, maximum: LONGEST_PAGE, default: USUAL_PAGE },
    },
  ],
  answers: { 200: { description: 'A page of blocked keys.', schema: schemaRef('BlockedKeyList') } },
  problems: ['badParameter'],
});

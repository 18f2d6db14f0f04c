import { CURSOR, JOB_STATUSES, LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { searchKind } from '@spillway/shared/contracts/search-keys.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = ({ name, exampleInput, searchKeys }) => ({
  summary: `Lists this tenant's ${name} jobs, newest first.`,
  parameters: [
    { name: 'status', in: 'query', schema: { type: 'string', enum: JOB_STATUSES } },
    {
      name: 'cursor',
      in: 'query',
      description: 'From the page before.',
      schema: { type: 'string', pattern: CURSOR.source },
    },
    {
      name: 'limit',
      in: 'query',
      schema: { type: 'integer', minimum: 1, maximum: LONGEST_PAGE, default: USUAL_PAGE },
    },
    ...searchKeys.map((field) => ({
      name: field,
      in: 'query' as const,
      description: `Only jobs whose input has this value. It goes with status, cursor and limit, but not with another search key.`,
      schema: { type: searchKind({ example: { input: exampleInput } }, field) },
    })),
  ],
  answers: { 200: { description: 'A page of jobs.', schema: schemaRef('JobList') } },
  problems: ['badParameter'],
});

import { searchKind } from '@spillway/shared/contracts/search-keys.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { pageParameters } from './page-description.ts';

export const operation: DescribeOperation = ({ name, exampleInput, searchKeys }) => ({
  summary: `Lists this tenant's ${name} jobs, newest first.`,
  parameters: [
    ...pageParameters,
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

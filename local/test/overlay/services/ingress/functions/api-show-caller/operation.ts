import type { DescribeOperation } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Shows who signed the request.',
  parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
  answers: { 200: { description: 'The caller.', schema: { type: 'object' } } },
  problems: [],
});

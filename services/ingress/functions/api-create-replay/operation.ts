import { ReplayRequest } from '@spillway/shared/contracts/failure.ts';
import * as z from 'zod';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

const { $schema: _, ...request } = z.toJSONSchema(ReplayRequest, { target: 'draft-2020-12', io: 'input' });

export const operation: DescribeOperation = () => ({
  summary: 'Replays the failures that fit a filter, or the named jobs; send exactly one of the two.',
  body: { schema: request, example: { filter: { type: 'webhook-delivery', code: 'DOWN' }, dryRun: true } },
  answers: {
    200: {
      description: 'What a dry run counted; with `more` there are even more.',
      schema: {
        type: 'object',
        required: ['matched'],
        properties: { matched: { type: 'integer' }, more: { type: 'boolean' } },
      },
    },
    202: { description: 'The job that replays them was submitted.', schema: schemaRef('Accepted') },
  },
  problems: ['notJson', 'replayRefused'],
});

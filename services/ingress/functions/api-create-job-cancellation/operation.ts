import { CANCELLABLE, Counted } from '@spillway/shared/contracts/cancellation.ts';
import { searchKind } from '@spillway/shared/contracts/search-keys.ts';
import * as z from 'zod';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

const time = { type: 'string', format: 'date-time' };
const { $schema: _, ...counted } = z.toJSONSchema(Counted, { target: 'draft-2020-12' });

export const operation: DescribeOperation = ({ name, exampleInput, searchKeys }) => ({
  summary: `Cancels this tenant's ${name} jobs that fit all of a filter, as a job of its own. With dryRun, it only counts them.`,
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same key again is the same cancelling. Without it, each request is one.',
      schema: { type: 'string' },
    },
  ],
  body: {
    schema: {
      type: 'object',
      required: ['filter'],
      additionalProperties: false,
      properties: {
        filter: {
          type: 'object',
          description:
            'What the jobs were when the request was made. Jobs that no consumer has seen by the time at which they are looked at are not found.',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            status: { type: 'string', enum: CANCELLABLE },
            from: { ...time, description: 'Accepted at this time or later.' },
            to: { ...time, description: 'Accepted before this time.' },
            ...Object.fromEntries(
              searchKeys.map((field) => [field, { type: searchKind({ example: { input: exampleInput } }, field) }]),
            ),
          },
        },
        dryRun: { type: 'boolean' },
      },
    },
    example: { filter: { status: 'QUEUED' }, dryRun: true },
  },
  answers: {
    200: { description: 'What a dry run counted; with `more` there are even more.', schema: counted },
    202: { description: 'The job that cancels them was submitted.', schema: schemaRef('Accepted') },
  },
  problems: ['notJson', 'cancellationRefused'],
});

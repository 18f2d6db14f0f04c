import { ENTRY_OPTIONS } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_BYTES, MOST_BATCH_JOBS } from '@spillway/shared/contracts/batch-size.ts';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

/** The fields of an entry besides the input. */
const options = Object.fromEntries(
  [...ENTRY_OPTIONS].map(([field, { row }]) => [
    field,
    { type: 'string', description: row.description, ...(row.refusal && { pattern: row.pattern.source }) },
  ]),
);

export const operation: DescribeOperation = ({ name, id, exampleInput }) => ({
  summary: `Submits up to ${MOST_BATCH_JOBS} ${name} jobs at once, each accepted or refused alone.`,
  body: {
    schema: {
      type: 'object',
      description: `At most ${MOST_BATCH_BYTES} bytes.`,
      required: ['jobs'],
      additionalProperties: false,
      properties: {
        jobs: {
          type: 'array',
          minItems: 1,
          maxItems: MOST_BATCH_JOBS,
          items: {
            type: 'object',
            required: ['input'],
            additionalProperties: false,
            properties: { input: schemaRef(`${id}Input`), ...options },
          },
        },
      },
    },
    example: { jobs: [{ input: exampleInput }] },
  },
  answers: {
    202: { description: 'At least one job was accepted: an entry per job, in order.', schema: schemaRef('Batch') },
  },
  problems: [
    'notJson',
    'batchRefused',
    'nothingAccepted',
    'batchTooLarge',
    'unsupportedMediaType',
    'laneBusy',
    'laneClosed',
    'laneUnavailable',
  ],
});

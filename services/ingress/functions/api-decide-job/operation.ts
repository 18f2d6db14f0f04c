import { Decision } from '@spillway/shared/contracts/job.ts';
import * as z from 'zod/mini';
import type { DescribeOperation } from '../../resources/operation-description.ts';

const schemaOf = (type: z.core.$ZodType) => {
  const { $schema, ...schema } = z.toJSONSchema(type);
  return schema;
};

const answer = schemaOf(
  z.strictObject({
    jobId: z.string(),
    decision: Decision.shape.decision,
    links: z.strictObject({ self: z.string() }),
  }),
);

export const operation: DescribeOperation = ({ name }) => ({
  summary: `Decides about a ${name} job that is WAITING, once. Anyone who has a token of its tenant with the scope can decide.`,
  body: { schema: schemaOf(Decision), example: { decision: 'approve', comment: 'Good to go.' } },
  answers: { 202: { description: 'The decision is recorded, and the job continues.', schema: answer } },
  problems: ['notJson', 'badBody', 'unknownJob', 'decisionRepeated', 'alreadyDecided', 'notWaiting'],
});

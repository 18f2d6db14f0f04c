import { SecretRotation } from '@spillway/shared/contracts/webhooks.ts';
import * as z from 'zod';
import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

const { $schema: _, ...rotation } = z.toJSONSchema(SecretRotation, { target: 'draft-2020-12', io: 'input' });

export const operation: DescribeOperation = () => ({
  summary: 'Gives a webhook a new secret. The old one still signs for a while.',
  parameters: [webhookParameter],
  body: { schema: rotation, example: { overlapHours: 24 } },
  answers: { 200: { description: 'The new secret, which nobody can read again.', schema: schemaRef('RotatedSecret') } },
  problems: ['notJson', 'badBody', 'unknownWebhook', 'tooManySecrets', 'rotatedMeanwhile', 'rotatedTooOften'],
});

import type { DescribeOperation } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Deletes a webhook and its secret. What was not delivered to it yet fails.',
  parameters: [webhookParameter],
  answers: { 204: { description: 'There is no such webhook any more.' } },
  problems: ['unknownWebhook'],
});

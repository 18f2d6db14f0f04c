import type { DescribeOperation } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Deletes a webhook and its secret. Deliveries that are still under way fail.',
  parameters: [webhookParameter],
  answers: { 204: { description: 'The webhook is deleted.' } },
  problems: ['unknownWebhook'],
});

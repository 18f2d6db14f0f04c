import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Shows a webhook, and whether its deliveries are failing.',
  parameters: [webhookParameter],
  answers: { 200: { description: 'The webhook, without its secret.', schema: schemaRef('Webhook') } },
  problems: ['unknownWebhook'],
});

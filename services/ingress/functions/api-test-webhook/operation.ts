import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Sends an event of the type webhook.test to a webhook now, even while it is disabled.',
  parameters: [webhookParameter],
  answers: { 202: { description: 'The job that delivers it was submitted.', schema: schemaRef('Accepted') } },
  problems: ['unknownWebhook'],
});

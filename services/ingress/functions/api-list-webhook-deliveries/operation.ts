import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';
import { pageParameters } from '../api-list-jobs/page-description.ts';

export const operation: DescribeOperation = () => ({
  summary: 'Lists the deliveries to a webhook, newest first.',
  parameters: [webhookParameter, ...pageParameters],
  answers: { 200: { description: 'A page of deliveries.', schema: schemaRef('DeliveryList') } },
  problems: ['badParameter', 'unknownWebhook'],
});

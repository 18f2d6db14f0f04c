import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';
import { webhookParameter } from '../../webhooks/operation-parts.ts';

export const operation: DescribeOperation = () => ({
  summary:
    'Creates a webhook, or replaces the settings of the one with that id, which keeps its secret. It gets events within ten seconds.',
  parameters: [webhookParameter],
  body: {
    schema: schemaRef('WebhookDefinition'),
    example: {
      url: 'https://example.com/hooks/spillway',
      events: ['job.failed', 'job.expired'],
      jobTypes: ['csv-import'],
    },
  },
  answers: {
    200: { description: 'The webhook was replaced.', schema: schemaRef('Webhook') },
    201: { description: 'The webhook is new. Nobody can read its secret again.', schema: schemaRef('CreatedWebhook') },
  },
  problems: ['notJson', 'badBody', 'tooManyWebhooks'],
});

import { type DescribeOperation, schemaRef } from '../../resources/operation-description.ts';

export const operation: DescribeOperation = () => ({
  summary: "Lists this tenant's webhooks.",
  answers: { 200: { description: 'All webhooks, by id.', schema: schemaRef('WebhookList') } },
  problems: [],
});

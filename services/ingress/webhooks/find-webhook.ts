import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import type { WebhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem, tenantOf } from '../light-function.ts';

/** Finds the webhook that a request names. @throws Problem `unknownWebhook`, also if it is another tenant's */
export async function findWebhook(event: APIGatewayProxyEvent, store: Pick<WebhookStore, 'get'>): Promise<WebhookRow> {
  const id = event.pathParameters?.id ?? '';
  const row = await store.get(tenantOf(event), id);
  if (!row) throw new Problem('unknownWebhook', { id });
  return row;
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { webhooksTableOf } from '@spillway/shared/webhooks/names.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';

/**
 * Disables all webhooks of a tenant, so that its jobs' results go nowhere while it is suspended. What was not delivered yet
 * fails and can be replayed. The tenant can enable each of them once it has access again.
 *
 * @param clientId the tenant's app client, which is the subject of its tokens
 */
export async function disableWebhooks(stage: string, clientId: string): Promise<void> {
  const store = webhookStore(DynamoDBDocumentClient.from(new DynamoDBClient()), webhooksTableOf(stage));
  const enabled = (await store.list(clientId)).filter(({ disabledSince }) => disabledSince === undefined);
  for (const row of enabled) {
    await store.change(row, { disabledSince: new Date().toISOString(), disabledBecause: 'suspended' });
  }
}

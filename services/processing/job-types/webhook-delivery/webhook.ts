import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import { TEST_EVENT } from '@spillway/shared/contracts/webhooks.ts';
import { signingAt, type WebhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import type { WebhookStore } from '@spillway/shared/webhooks/webhook-store.ts';

export interface FindTools {
  store: Pick<WebhookStore, 'get' | 'change'>;
  secrets: Pick<WebhookSecrets, 'read'>;
  now(): Date;
}

/**
 * Reads the webhook that a job delivers to, as it is now: a changed URL counts for old events, too, and a deleted webhook gets none.
 *
 * @returns its row, and the secrets that sign, the newest first
 * @throws PermanentJobError if it does not exist, or is disabled and this is not a test
 */
export async function findWebhook(
  tenant: string,
  id: string,
  payload: Record<string, unknown>,
  { store, secrets, now }: FindTools,
): Promise<{ row: WebhookRow; secrets: string[] }> {
  const row = await store.get(tenant, id);
  if (!row) throw new PermanentJobError('WEBHOOK_UNKNOWN', `there is no webhook ${id}: it may have been deleted`);
  if (row.disabledSince && payload.type !== TEST_EVENT) {
    throw new PermanentJobError('WEBHOOK_DISABLED', `the webhook ${id} is disabled: enable it, and replay this job`);
  }
  const signing = signingAt(await secrets.read(row), now());
  return { row, secrets: signing.map(({ secret }) => secret) };
}

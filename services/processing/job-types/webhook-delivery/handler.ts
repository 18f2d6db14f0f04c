import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { readCidrs } from '@spillway/shared/webhooks/address.ts';
import { webhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import * as z from 'zod/mini';
import { hostResolver } from './resolve.ts';
import { deliver } from './run.ts';

const { WEBHOOK_ALLOWED_CIDRS, WEBHOOKS_TABLE, STAGE } = environment({
  WEBHOOK_ALLOWED_CIDRS: z.string(),
  WEBHOOKS_TABLE: z.string(),
  STAGE: z.string(),
});
const tools = {
  allowedCidrs: readCidrs(WEBHOOK_ALLOWED_CIDRS),
  resolve: hostResolver(),
  store: webhookStore(dynamo(), WEBHOOKS_TABLE),
  secrets: webhookSecrets(STAGE),
  now: () => new Date(),
};

export const handler = consumer(webhookDelivery, deliver(tools));

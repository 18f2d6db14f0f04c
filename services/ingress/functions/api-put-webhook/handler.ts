import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { readCidrs } from '@spillway/shared/webhooks/address.ts';
import { webhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf, tenantOf } from '../../light-function.ts';
import { putWebhook } from './put-webhook.ts';

const { WEBHOOKS_TABLE, STAGE, WEBHOOK_ALLOWED_CIDRS } = environment({
  WEBHOOKS_TABLE: z.string(),
  STAGE: z.string(),
  WEBHOOK_ALLOWED_CIDRS: z.string(),
});
const tools = {
  store: webhookStore(dynamo(), WEBHOOKS_TABLE),
  secrets: webhookSecrets(STAGE),
  allowedCidrs: readCidrs(WEBHOOK_ALLOWED_CIDRS),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, () =>
    putWebhook(
      {
        tenant: tenantOf(event),
        id: event.pathParameters?.id ?? '',
        body: event.body ?? '',
        stagePath: stagePathOf(event),
      },
      tools,
    ),
  );

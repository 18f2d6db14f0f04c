import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { Answer, answer } from '../../light-function.ts';
import { findWebhook } from '../../webhooks/find-webhook.ts';

const { WEBHOOKS_TABLE, STAGE } = environment({ WEBHOOKS_TABLE: z.string(), STAGE: z.string() });
const store = webhookStore(dynamo(), WEBHOOKS_TABLE);
const secrets = webhookSecrets(STAGE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const row = await findWebhook(event, store);
    // first the secret: if the rest fails, the webhook is still there to be deleted again
    await secrets.remove(row);
    await store.remove(row.pk, row.sk);
    return new Answer(204, undefined);
  });

import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer } from '../../light-function.ts';
import { findWebhook } from '../../webhooks/find-webhook.ts';
import { rotateSecret } from './rotate-secret.ts';

const { WEBHOOKS_TABLE, STAGE } = environment({ WEBHOOKS_TABLE: z.string(), STAGE: z.string() });
const tools = {
  store: webhookStore(dynamo(), WEBHOOKS_TABLE),
  secrets: webhookSecrets(STAGE),
  now: () => new Date(),
};

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => rotateSecret(await findWebhook(event, tools.store), event.body ?? '', tools));

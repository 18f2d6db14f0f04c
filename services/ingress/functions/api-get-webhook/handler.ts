import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf } from '../../light-function.ts';
import { findWebhook } from '../../webhooks/find-webhook.ts';
import { viewOf } from '../../webhooks/webhook-view.ts';

const { WEBHOOKS_TABLE } = environment({ WEBHOOKS_TABLE: z.string() });
const store = webhookStore(dynamo(), WEBHOOKS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => viewOf(await findWebhook(event, store), stagePathOf(event), new Date()));

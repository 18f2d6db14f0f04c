import type { WebhookList } from '@spillway/shared/contracts/webhooks.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf, tenantOf } from '../../light-function.ts';
import { viewOf } from '../../webhooks/webhook-view.ts';

const { WEBHOOKS_TABLE } = environment({ WEBHOOKS_TABLE: z.string() });
const store = webhookStore(dynamo(), WEBHOOKS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async (): Promise<WebhookList> => {
    const now = new Date();
    const rows = await store.list(tenantOf(event));
    return { webhooks: rows.map((row) => viewOf(row, stagePathOf(event), now)) };
  });

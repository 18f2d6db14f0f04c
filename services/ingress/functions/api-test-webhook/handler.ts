import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf } from '../../light-function.ts';
import { platformLane } from '../../platform-jobs.ts';
import { findWebhook } from '../../webhooks/find-webhook.ts';
import { testWebhook } from './test-webhook.ts';

const { WEBHOOKS_TABLE, LANES_ARN, STAGE } = environment({
  WEBHOOKS_TABLE: z.string(),
  LANES_ARN: z.string(),
  STAGE: z.string(),
});
const store = webhookStore(dynamo(), WEBHOOKS_TABLE);
const send = platformLane('webhook-delivery', LANES_ARN, STAGE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const row = await findWebhook(event, store);
    return testWebhook(
      row,
      { requestId: event.requestContext.requestId, stagePath: stagePathOf(event) },
      send,
      new Date(),
    );
  });

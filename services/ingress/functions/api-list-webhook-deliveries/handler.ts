import { jobReads } from '@spillway/shared/job-store/reads.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { webhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, stagePathOf } from '../../light-function.ts';
import { queryOf } from '../../page-parameters.ts';
import { findWebhook } from '../../webhooks/find-webhook.ts';
import { listDeliveries } from './list-deliveries.ts';

const { WEBHOOKS_TABLE, JOBS_TABLE } = environment({ WEBHOOKS_TABLE: z.string(), JOBS_TABLE: z.string() });
const client = dynamo();
const store = webhookStore(client, WEBHOOKS_TABLE);
const reads = jobReads(client, JOBS_TABLE);

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const row = await findWebhook(event, store);
    return listDeliveries(row, queryOf(event), stagePathOf(event), reads);
  });

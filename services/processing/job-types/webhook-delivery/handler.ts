import { lookup } from 'node:dns/promises';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import * as z from 'zod/mini';
import { readCidrs } from './address.ts';
import { deliver } from './run.ts';

const { WEBHOOK_ALLOWED_CIDRS } = environment({ WEBHOOK_ALLOWED_CIDRS: z.string() });
const tools = {
  allowedCidrs: readCidrs(WEBHOOK_ALLOWED_CIDRS),
  resolve: (host: string) => lookup(host, { all: true }),
};

export const handler = consumer(webhookDelivery, deliver(tools));

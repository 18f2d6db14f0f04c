import { clientsContract } from '@spillway/shared/contracts/contract-of.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { MOST_WEBHOOKS, WEBHOOK_ID, WebhookDefinition } from '@spillway/shared/contracts/webhooks.ts';
import type { Cidr } from '@spillway/shared/webhooks/address.ts';
import type { WebhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import { type WebhookRow, webhookKey } from '@spillway/shared/webhooks/table.ts';
import type { WebhookSettings, WebhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import { Answer, Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';
import { urlProblem } from '../../webhooks/target-url.ts';
import { viewOf } from '../../webhooks/webhook-view.ts';

export interface PutWebhookRequest {
  tenant: string;
  /** As it is in the path. */
  id: string;
  body: string;
  /** The path of the stage, for links. */
  stagePath: string;
}

export interface PutWebhookTools {
  store: Pick<WebhookStore, 'get' | 'list' | 'create' | 'replace' | 'remove'>;
  secrets: Pick<WebhookSecrets, 'create' | 'remove'>;
  /** Private networks that webhooks may reach. */
  allowedCidrs: readonly Cidr[];
  now(): Date;
}

const refuse = (field: string, reason: string) => new Problem('badBody', { reason: `${field}: ${reason}` });

/**
 * Creates a tenant's webhook with a secret, or replaces the settings of the one with that id.
 *
 * @returns 201 with the secret for a new webhook, else 200
 * @throws Problem naming what is wrong with the id or the body
 */
export async function putWebhook(request: PutWebhookRequest, tools: PutWebhookTools): Promise<Answer> {
  const { tenant, id, body, stagePath } = request;
  if (!WEBHOOK_ID.test(id)) throw refuse('id', 'use 1 to 24 characters of A-Z, a-z, 0-9, "_" and "-".');
  const settings = await readSettings(body, tools);
  const created = (await tools.store.get(tenant, id)) ? undefined : await create(request, settings, tools);
  if (created) {
    const view = viewOf(created.row, stagePath, tools.now());
    return new Answer(201, { ...view, secret: created.secret }, { location: view.links.self });
  }
  await tools.store.replace(webhookKey(tenant, id), settings);
  const row = await tools.store.get(tenant, id);
  if (!row) throw new Problem('unknownWebhook', { id });
  return new Answer(200, viewOf(row, stagePath, tools.now()));
}

/** @returns undefined if another request was faster */
async function create(
  { tenant, id }: PutWebhookRequest,
  settings: WebhookSettings,
  { store, secrets, now }: PutWebhookTools,
): Promise<{ row: WebhookRow; secret: string } | undefined> {
  const tooMany = () => new Problem('tooManyWebhooks', { most: MOST_WEBHOOKS });
  if ((await store.list(tenant)).length >= MOST_WEBHOOKS) throw tooMany();
  const at = now().toISOString();
  const { secret, ...place } = await secrets.create(tenant, id);
  const row: WebhookRow = { ...webhookKey(tenant, id), ...settings, ...place, secretSince: at, createdAt: at };
  const isNew = await store.create(row);
  // others that were created at the same time: each finds all that came before it, so there are never more
  if (isNew && (await store.list(tenant)).length <= MOST_WEBHOOKS) return { row, secret };
  await secrets.remove(place);
  if (!isNew) return undefined;
  await store.remove(tenant, id);
  throw tooMany();
}

async function readSettings(body: string, { allowedCidrs, now }: PutWebhookTools): Promise<WebhookSettings> {
  const definition = readBody(WebhookDefinition, body, (reason) => new Problem('badBody', { reason }));
  const { url, events, jobTypes, disabled } = definition;
  const problem = urlProblem(url, allowedCidrs);
  if (problem) throw refuse('url', problem);
  for (const type of jobTypes ?? []) {
    if (!(await clientsContract(type))) {
      throw refuse('jobTypes', `there is no job type "${type}". GET /openapi.json lists them all.`);
    }
    if (type === webhookDelivery.name)
      throw refuse('jobTypes', 'events of deliveries are not sent to webhooks: leave it out.');
  }
  return {
    url,
    events: [...new Set(events)],
    ...(jobTypes && { jobTypes: [...new Set(jobTypes)] }),
    ...(disabled && { disabledSince: now().toISOString(), disabledBecause: 'asked' as const }),
  };
}

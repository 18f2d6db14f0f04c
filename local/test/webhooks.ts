import type { Accepted } from '@spillway/shared/contracts/job.ts';
import type {
  CreatedWebhook,
  DeliveryList,
  RotatedSecret,
  Webhook,
  WebhookList,
} from '@spillway/shared/contracts/webhooks.ts';
import { one, request } from './deployed.ts';

const send = <Body>(path: string, method: string, body?: unknown, as = one) =>
  request<Body>(`/webhooks${path}`, { as, method, ...(body !== undefined && { body: JSON.stringify(body) }) });

/** The calls of a tenant's webhooks, with their statuses. */
export const webhooks = {
  put: (id: string, body: unknown, as = one) => send<CreatedWebhook>(`/${id}`, 'PUT', body, as),
  get: (id: string, as = one) => send<Webhook>(`/${id}`, 'GET', undefined, as),
  list: (as = one) => send<WebhookList>('', 'GET', undefined, as),
  remove: (id: string, as = one) => send(`/${id}`, 'DELETE', undefined, as),
  rotate: (id: string, body: unknown = {}, as = one) => send<RotatedSecret>(`/${id}/secret`, 'POST', body, as),
  test: (id: string, as = one) => send<Accepted>(`/${id}/test`, 'POST', undefined, as),
  deliveries: (id: string, query = '', as = one) =>
    send<DeliveryList>(`/${id}/deliveries${query}`, 'GET', undefined, as),
};

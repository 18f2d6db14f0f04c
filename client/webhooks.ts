import type { Accepted } from '@spillway/shared/contracts/job.ts';
import type {
  CreatedWebhook,
  DeliveryList,
  NewWebhook,
  RotatedSecret,
  Webhook,
  WebhookList,
} from '@spillway/shared/contracts/webhooks.ts';
import { ask } from './asking.ts';
import type { FrontDoor } from './front-door.ts';
import type { PageQuery } from './jobs-of-type.ts';
import type { Patience } from './patience.ts';

/** A tenant's webhooks. Calls are repeated while the front door is busy. */
export interface Webhooks {
  /**
   * Creates a webhook, or replaces the one with that id, which also enables it. Only a new one has `secret`: keep it.
   *
   * @throws ClientError if it is refused
   */
  put(id: string, webhook: NewWebhook, patience?: Patience): Promise<CreatedWebhook>;
  /** Reads a webhook, without its secret. @throws ClientError `NOT_FOUND` */
  get(id: string, patience?: Patience): Promise<Webhook>;
  /** All webhooks, by id. */
  list(patience?: Patience): Promise<Webhook[]>;
  /** Deletes a webhook with its secret. @throws ClientError `NOT_FOUND` */
  delete(id: string, patience?: Patience): Promise<void>;
  /**
   * Gives it a new secret. The old one signs beside it for `overlapHours`, by default 24.
   *
   * @throws ClientError `CONFLICT` if three secrets sign, or another call was faster
   */
  rotateSecret(id: string, options?: { overlapHours?: number } & Patience): Promise<RotatedSecret>;
  /** Sends an event of the type `webhook.test` now. @returns the job that delivers it */
  test(id: string, patience?: Patience): Promise<Accepted>;
  /** A page of its deliveries, newest first. */
  deliveries(id: string, query?: Omit<PageQuery<never>, 'where'> & Patience): Promise<DeliveryList>;
}

const pathOf = (id: string) => `/webhooks/${encodeURIComponent(id)}`;

export const webhooks = (door: FrontDoor): Webhooks => ({
  put: (id, webhook, patience = {}) =>
    ask(door, 'The webhook was refused', pathOf(id), { method: 'PUT', body: JSON.stringify(webhook) }, patience),
  get: (id, patience = {}) => ask(door, 'The webhook could not be read', pathOf(id), {}, patience),
  async list(patience = {}) {
    const { webhooks: found } = await ask<WebhookList>(
      door,
      'The webhooks could not be listed',
      '/webhooks',
      {},
      patience,
    );
    return found;
  },
  delete: (id, patience = {}) =>
    ask(door, 'The webhook could not be deleted', pathOf(id), { method: 'DELETE' }, patience),
  rotateSecret: (id, { overlapHours, ...patience } = {}) =>
    ask(
      door,
      'The secret could not be rotated',
      `${pathOf(id)}/secret`,
      { method: 'POST', body: JSON.stringify({ ...(overlapHours !== undefined && { overlapHours }) }) },
      patience,
    ),
  test: (id, patience = {}) =>
    ask(door, 'The webhook could not be tested', `${pathOf(id)}/test`, { method: 'POST' }, patience),
  deliveries: (id, { status, cursor, limit, ...patience } = {}) => {
    const given = Object.entries({ status, cursor, limit }).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)] as [string, string]));
    return ask(door, 'The deliveries could not be listed', `${pathOf(id)}/deliveries?${query}`, {}, patience);
  },
});

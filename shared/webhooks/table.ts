import type { EventType } from '../contracts/events/event-types.ts';
import type { DISABLED_BECAUSE } from '../contracts/webhooks.ts';

/** A webhook in its table, in the partition of its tenant. */
export interface WebhookRow {
  /** The tenant. */
  pk: string;
  /** The webhook's id. */
  sk: string;
  url: string;
  events: EventType[];
  jobTypes?: string[];
  createdAt: string;
  /** The name of its secret in Secrets Manager, and the version that counts. */
  secretName: string;
  secretVersion: string;
  secretSince: string;
  previousSecretUntil?: string;
  disabledSince?: string;
  disabledBecause?: (typeof DISABLED_BECAUSE)[number];
  /** Since when every delivery has failed, and when a delivery first said so to its tenant. */
  failingSince?: string;
  noticedAt?: string;
}

export const webhookKey = (tenant: string, id: string) => ({ pk: tenant, sk: id });

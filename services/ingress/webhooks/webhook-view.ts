import type { Webhook } from '@spillway/shared/contracts/webhooks.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';

/** The path below which webhooks are. */
const PATH = '/webhooks';

/** A webhook as its tenant sees it, without its secret. */
export function viewOf(row: WebhookRow, stagePath: string, now: Date): Webhook {
  const { sk: id, url, events, jobTypes, createdAt, failingSince, secretSince, previousSecretUntil } = row;
  const self = `${stagePath}${PATH}/${id}`;
  return {
    id,
    url,
    events,
    ...(jobTypes && { jobTypes }),
    disabled: row.disabledSince !== undefined,
    ...(row.disabledSince && { disabledSince: row.disabledSince }),
    ...(row.disabledBecause && { disabledBecause: row.disabledBecause }),
    ...(failingSince && { failingSince }),
    secretSince,
    ...(previousSecretUntil && new Date(previousSecretUntil) > now && { previousSecretUntil }),
    createdAt,
    links: { self, deliveries: `${self}/deliveries` },
  };
}

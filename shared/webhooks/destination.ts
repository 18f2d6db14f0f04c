import type { SQSClient } from '@aws-sdk/client-sqs';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { atOnce } from '../runtime/at-once.ts';
import { laneMessage } from '../runtime/lane/send-all.ts';
import { isUnsendable, sendMessages } from '../runtime/send-messages.ts';
import type { Destination, Refusal } from '../runtime/stream/delivery.ts';
import { deliveryMessage } from './delivery-message.ts';
import type { WebhookRow } from './table.ts';
import type { WebhookStore } from './webhook-store.ts';

export interface WebhookTools {
  store: Pick<WebhookStore, 'list'>;
  queue: SQSClient;
  /** The lane of webhook-delivery. */
  laneUrl: string;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * The type of the jobs that deliver events. Their own events go to no webhook, or each delivery would cause the next one for
 * ever.
 */
const DELIVERY = 'webhook-delivery';

/**
 * How long a tenant's webhooks are remembered, so that a busy tenant costs one read in this time, and not one for each batch.
 * It also takes up to this long until a new webhook gets events.
 */
const REMEMBERED_MS = 10_000;
/** A tenant without webhooks takes about 100 bytes. */
const MOST_REMEMBERED = 10_000;
/** Queries at the same time. */
const QUERIES_AT_ONCE = 25;

/** Submits a job for each event and each webhook that wants it. An event that comes twice makes the same job. */
export function webhookDestination({ store, queue, laneUrl, now }: WebhookTools): Destination<JobEvent> {
  const remembered = new Map<string, { rows: WebhookRow[]; until: number }>();

  /** @returns the tenants whose webhooks could not be read, and why */
  async function recall(tenants: readonly string[], abortSignal: AbortSignal): Promise<Map<string, string>> {
    if (remembered.size + tenants.length > MOST_REMEMBERED) remembered.clear();
    const stale = tenants.filter((tenant) => (remembered.get(tenant)?.until ?? 0) <= now());
    const unread = new Map<string, string>();
    await atOnce(stale, QUERIES_AT_ONCE, async (tenant) => {
      try {
        abortSignal.throwIfAborted();
        const rows = await store.list(tenant, { consistent: false, abortSignal });
        remembered.set(tenant, { rows, until: now() + REMEMBERED_MS });
      } catch (error) {
        unread.set(tenant, (error as Error).name);
      }
    });
    return unread;
  }

  async function submit(events: readonly JobEvent[], signal: AbortSignal): Promise<Refusal<JobEvent>[]> {
    const unread = await recall([...new Set(events.map(({ data }) => data.tenant))], signal);
    const refused = new Map<JobEvent, Refusal<JobEvent>>();
    const wanted = events.flatMap((event) => {
      const { tenant, traceId } = event.data;
      const code = unread.get(tenant);
      if (code !== undefined) refused.set(event, { entry: event, code, forGood: false });
      const rows = code === undefined ? (remembered.get(tenant)?.rows ?? []) : [];
      return rows
        .filter((row) => wants(row, event))
        .map(({ sk: webhook }) => ({
          event,
          message: laneMessage(deliveryMessage({ tenant, webhook, traceId }, event)),
        }));
    });
    const failures = await sendMessages(
      queue,
      laneUrl,
      wanted.map(({ message }) => message),
      signal,
    );
    for (const [index, { event }] of wanted.entries()) {
      const failure = failures[index];
      if (failure) refused.set(event, { entry: event, code: failure.code, forGood: isUnsendable(failure.code) });
    }
    return [...refused.values()];
  }

  return {
    name: 'webhooks',
    send: (events, signal) =>
      submit(
        events.filter(({ data }) => data.jobType !== DELIVERY),
        signal,
      ),
  };
}

/** Whether a webhook wants an event. */
export const wants = (
  { disabledSince, events, jobTypes }: Pick<WebhookRow, 'disabledSince' | 'events' | 'jobTypes'>,
  { type, data }: Pick<JobEvent, 'type' | 'data'>,
): boolean => !disabledSince && events.includes(type) && (jobTypes?.includes(data.jobType) ?? true);

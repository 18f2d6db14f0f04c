import { attributesOf } from '../contracts/submit-attributes.ts';
import type { NewMessage } from '../runtime/lane/send-all.ts';

/** What a webhook delivers: an event, or one that tests the webhook. */
export interface DeliveredEvent {
  id: string;
  type: string;
  time: string;
}

/**
 * The job that delivers an event to a webhook. Its id is made from both, so an event that comes twice is the same job.
 *
 * @param traceId the trace id of the event's job, which the delivery continues: 32 hex digits
 */
export const deliveryMessage = (
  { tenant, webhook, traceId }: { tenant: string; webhook: string; traceId: string },
  event: DeliveredEvent,
): NewMessage => ({
  body: JSON.stringify({ webhook, payload: event }),
  attributes: attributesOf(
    { tenant, acceptedAt: String(Date.parse(event.time)), requestId: traceId },
    { jobId: `${webhook}.${event.id}` },
  ),
  groupId: tenant,
});

/** The id of the event that a webhook's job delivers. @returns undefined if a client has submitted the job */
export const eventOfDelivery = (webhook: string, jobId: string): string | undefined =>
  jobId.startsWith(`${webhook}.`) ? jobId.slice(webhook.length + 1) : undefined;

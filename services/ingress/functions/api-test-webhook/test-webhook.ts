import { EVENT_SOURCE } from '@spillway/shared/contracts/events/job-event.ts';
import { TEST_EVENT, type TestEvent } from '@spillway/shared/contracts/webhooks.ts';
import { deliveryMessage } from '@spillway/shared/webhooks/delivery-message.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { Answer } from '../../light-function.ts';
import type { SendToLane } from '../../platform-jobs.ts';

/** Submits the delivery of a test event. @returns the 202 with the link to its job */
export async function testWebhook(
  { pk: tenant, sk: webhook }: Pick<WebhookRow, 'pk' | 'sk'>,
  { requestId, stagePath }: { requestId: string; stagePath: string },
  send: SendToLane,
  now: Date,
): Promise<Answer> {
  const traceId = requestId.replaceAll('-', '');
  const event: TestEvent = {
    specversion: '1.0',
    id: `test-${traceId.slice(0, 32)}`,
    source: EVENT_SOURCE,
    type: TEST_EVENT,
    subject: webhook,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: { tenant, webhook },
  };
  const message = deliveryMessage({ tenant, webhook, traceId }, event);
  await send(message);
  const { jobId = '', acceptedAt } = message.attributes;
  const self = `${stagePath}/jobs/webhook-delivery/${jobId}?acceptedAt=${acceptedAt}`;
  return new Answer(202, { jobId, status: 'QUEUED', links: { self } }, { location: self });
}

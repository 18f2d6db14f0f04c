import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { RunStepOf } from '@spillway/shared/attempt/job-code.ts';
import type orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { changeOrder, GOING_ON, type OrdersTable } from './order-row.ts';

/**
 * Announces on the orders topic that the order is on its way; a subscriber sends the email. After a crash between publishing
 * and recording it, the message is published again with the same `id`, so that a subscriber can recognise the duplicate.
 */
export function notify(
  orders: OrdersTable,
  sns: Pick<SNSClient, 'send'>,
  topicArn: string,
): RunStepOf<typeof orderFulfilment, void> {
  return async ({ orderId, contact }, job) => {
    const row = await changeOrder(orders, job, {
      set: 'orderId = :orderId',
      condition: GOING_ON,
      values: { ':orderId': orderId },
    });
    if (row.notifiedAt) return;
    const message = { id: job.idempotencyKey('notify'), type: 'order.fulfilled', tenant: job.tenant, orderId, contact };
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(message) }));
    await changeOrder(orders, job, {
      set: 'notifiedAt = :now',
      condition: GOING_ON,
      values: { ':now': new Date().toISOString() },
    });
  };
}

import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { RunStepOf, StepJob } from '@spillway/shared/attempt/job-code.ts';
import type orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { changeOrder, GOING_ON, type OrderRow, type OrdersTable, UNDOING, unlessOvertaken } from './order-row.ts';
import { CardDeclinedError, type PaymentProvider } from './provider.ts';

export interface Charge {
  chargeId: string;
}

/** A charge after a refund is a new charge, so it has a new key. */
const chargeKey = (job: StepJob, { refunds = 0 }: OrderRow) => job.idempotencyKey(`charge-${refunds}`);

/**
 * Charges the card, once for the job: it counts the try before, records the outcome after, and in between the provider
 * recognises the charge by its key.
 *
 * @throws PermanentJobError CARD_DECLINED; OvertakenError, also if an earlier attempt's charge must still be refunded
 */
export function chargeCard(orders: OrdersTable, provider: PaymentProvider): RunStepOf<typeof orderFulfilment, Charge> {
  return async ({ payment }, job) => {
    const row = await changeOrder(orders, job, {
      set: 'tries = if_not_exists(tries, :zero) + :one, asked = if_not_exists(refunds, :zero)',
      condition: `${GOING_ON} AND stock = :reserved AND (attribute_not_exists(charge) OR charge <> :refunding)`,
      values: { ':zero': 0, ':one': 1, ':reserved': 'RESERVED', ':refunding': 'REFUNDING' },
    });
    if (row.charge === 'CHARGED' && row.chargeId) return { chargeId: row.chargeId };
    if (row.charge === 'DECLINED') throw declined(row.declined ?? '');
    const { attempt } = job;
    const { tries = 1 } = row;
    try {
      const charge = await provider.charge({ ...payment, idempotencyKey: chargeKey(job, row), attempt, tries });
      await record(orders, job, { charge: 'CHARGED', chargeId: charge.chargeId });
      return charge;
    } catch (error) {
      if (!(error instanceof CardDeclinedError)) throw error;
      await record(orders, job, { charge: 'DECLINED', declined: error.message });
      throw declined(error.message);
    }
  };
}

const declined = (reason: string) => new PermanentJobError('CARD_DECLINED', reason);

async function record(orders: OrdersTable, job: StepJob, outcome: Partial<OrderRow>): Promise<void> {
  const names = Object.keys(outcome);
  await changeOrder(orders, job, {
    set: names.map((name) => `${name} = :${name}`).join(', '),
    condition: GOING_ON,
    values: Object.fromEntries(Object.entries(outcome).map(([name, value]) => [`:${name}`, value])),
  });
}

/**
 * Refunds the charge, even if its outcome is unknown: nobody pays for an order that failed. It closes the attempt first, so
 * that none of its steps can charge any more. It does nothing if a newer attempt has taken over the order.
 */
export function refundCharge(orders: OrdersTable, provider: PaymentProvider): RunStepOf<typeof orderFulfilment, void> {
  return unlessOvertaken(async (_, job) => {
    const row = await changeOrder(orders, job, { set: 'closed = :attempt', condition: UNDOING });
    const { refunds = 0 } = row;
    if (row.asked !== refunds || row.charge === 'DECLINED') return;
    await changeOrder(orders, job, {
      set: 'charge = :refunding',
      condition: `${UNDOING} AND (attribute_not_exists(refunds) OR refunds = :refunds)`,
      values: { ':refunding': 'REFUNDING', ':refunds': refunds },
    });
    await provider.refund(chargeKey(job, row));
    await changeOrder(orders, job, {
      set: 'charge = :refunded, refunds = :refunds',
      condition: `${UNDOING} AND charge = :refunding`,
      values: { ':refunding': 'REFUNDING', ':refunded': 'REFUNDED', ':refunds': refunds + 1 },
    });
  });
}

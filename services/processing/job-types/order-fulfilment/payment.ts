import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { RunStep, StepJob } from '@spillway/shared/attempt/job.ts';
import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { changeOrder, GOING_ON, type OrderRow, type OrdersTable, UNDOING, unlessOvertaken } from './order-row.ts';
import { CardDeclinedError, type PaymentProvider } from './provider.ts';

type Order = InputOf<typeof orderFulfilment>;
export interface Charge {
  chargeId: string;
}

/** A charge after a refund is another charge, so it has another key. */
const chargeKey = (job: StepJob, { refunds = 0 }: OrderRow) => job.idempotencyKey(`charge-${refunds}`);

/**
 * Charges the card, once for the job: the try is counted before, the outcome recorded after, and in between the provider
 * knows the charge by its key.
 *
 * @throws PermanentJobError CARD_DECLINED; OvertakenError also where an earlier attempt's charge is still to be undone
 */
export function chargeCard(orders: OrdersTable, provider: PaymentProvider): RunStep<Order, Charge> {
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
 * Undoes the charge, also one whose outcome is not known: nobody pays for an order that failed. It closes the attempt
 * first, so that none of its steps can charge any more. Does nothing if a newer attempt has the order.
 */
export function refundCharge(orders: OrdersTable, provider: PaymentProvider): RunStep<Order, void> {
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

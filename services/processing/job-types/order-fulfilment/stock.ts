import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { RunStepOf, StepJob } from '@spillway/shared/attempt/job-code.ts';
import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import {
  changeOrder,
  GOING_ON,
  type OrderChange,
  type OrderRow,
  type OrdersTable,
  OvertakenError,
  orderKey,
  orderUpdate,
  stockKey,
  UNDOING,
  unlessOvertaken,
} from './order-row.ts';

type Item = InputOf<typeof orderFulfilment>['items'][number];

const RESERVE: OrderChange = {
  set: 'stock = :reserved, orderId = :orderId, #items = :items',
  condition: `${GOING_ON} AND (attribute_not_exists(stock) OR stock = :released)`,
  names: { '#items': 'items' },
};
const ADOPT: OrderChange = {
  set: 'stock = :reserved',
  condition: `${GOING_ON} AND stock = :reserved`,
  values: { ':reserved': 'RESERVED' },
};
const RELEASE: OrderChange = {
  set: 'closed = :attempt, stock = :released',
  condition: `${UNDOING} AND stock = :reserved`,
  values: { ':reserved': 'RESERVED', ':released': 'RELEASED' },
};
const CLOSE: OrderChange = { set: 'closed = :attempt', condition: UNDOING };

/**
 * Takes all items out of the stock, or none. Items that the job has already reserved stay reserved, now for this attempt.
 *
 * @param initialStock the stock of a SKU that has no row yet
 * @throws PermanentJobError OUT_OF_STOCK, naming every SKU with too little stock
 */
export function reserveStock(orders: OrdersTable, initialStock: number): RunStepOf<typeof orderFulfilment, void> {
  return async (order, job) => {
    const { items, orderId } = order;
    const values = { ':reserved': 'RESERVED', ':released': 'RELEASED', ':orderId': orderId, ':items': items };
    const reserve = orderUpdate(orders.table, job, { ...RESERVE, values });
    try {
      await orders.dynamo.send(
        new TransactWriteCommand({
          TransactItems: [
            { Update: { ...reserve, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
            ...items.map((item) => ({ Update: take(orders.table, job, item, initialStock) })),
          ],
        }),
      );
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [ofOrder, ...ofItems] = error.CancellationReasons ?? [];
      if (ofOrder?.Code === 'ConditionalCheckFailed')
        return adopt(orders, job, ofOrder.Item && unmarshall(ofOrder.Item));
      const missing = items.filter((_, index) => ofItems[index]?.Code === 'ConditionalCheckFailed');
      // for example, another order is changing the same rows at this moment
      if (missing.length === 0) throw error;
      const skus = missing.map(({ sku, quantity }) => `${quantity} of ${sku}`).join(', ');
      throw new PermanentJobError('OUT_OF_STOCK', `not enough in stock: ${skus}`);
    }
  };
}

/** Continues with an existing reservation: this step ran already, or an earlier attempt ended without undoing it. */
async function adopt(orders: OrdersTable, job: StepJob, row: Partial<OrderRow> | undefined): Promise<void> {
  if (row?.stock !== 'RESERVED') throw new OvertakenError(job);
  await changeOrder(orders, job, ADOPT);
}

/**
 * Returns the job's reserved items to the stock, once. It also closes the attempt, so a reservation that comes after its own
 * release is refused; the next attempt may reserve again. It does nothing if a newer attempt has taken over the order.
 */
export function releaseStock(orders: OrdersTable): RunStepOf<typeof orderFulfilment, void> {
  return unlessOvertaken(async ({ items }, job) => {
    const command = new GetCommand({ TableName: orders.table, Key: orderKey(job), ConsistentRead: true });
    const row = (await orders.dynamo.send(command)).Item as OrderRow | undefined;
    if (row?.stock !== 'RESERVED') {
      await changeOrder(orders, job, CLOSE);
      return;
    }
    if (row.attempt > job.attempt) throw new OvertakenError(job);
    await orders.dynamo.send(
      new TransactWriteCommand({
        TransactItems: [
          { Update: orderUpdate(orders.table, job, RELEASE) },
          ...items.map((item) => ({ Update: putBack(orders.table, job, item) })),
        ],
      }),
    );
  });
}

function take(table: string, job: StepJob, { sku, quantity }: Item, initialStock: number) {
  const enough = 'available >= :quantity';
  return {
    TableName: table,
    Key: stockKey(job, sku),
    UpdateExpression: 'SET available = if_not_exists(available, :initial) - :quantity',
    ConditionExpression: initialStock >= quantity ? `attribute_not_exists(available) OR ${enough}` : enough,
    ExpressionAttributeValues: { ':quantity': quantity, ':initial': initialStock },
  };
}

const putBack = (table: string, job: StepJob, { sku, quantity }: Item) => ({
  TableName: table,
  Key: stockKey(job, sku),
  UpdateExpression: 'SET available = available + :quantity',
  ExpressionAttributeValues: { ':quantity': quantity },
});

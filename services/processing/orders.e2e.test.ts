import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, one, other, output, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';

const table = output('processing', 'OrdersTableName');
const { payment, ...rest } = orderFulfilment.example.input;
/** Enough for two attempts with the retries of their steps, and the lane's wait between them. */
const RETRIED_SECONDS = 45;

/** A tenant is identified by its token's subject, which is the client's id. */
const rowOf = async (pk: string) => (await dynamo.send(new GetCommand({ TableName: table, Key: { pk } }))).Item;
const availableOf = async (sku: string, { clientId }: Tenant = one) =>
  (await rowOf(`stock#${clientId}#${sku}`))?.available;
const orderRowOf = (id: string) => rowOf(`order#${one.clientId}#${id}`);

/** Enters the stock of a new SKU, for one test only, as services/processing/README.md describes. */
async function stocked(available: number): Promise<string> {
  const sku = `sku-${randomUUID()}`;
  await count(sku, available, one);
  return sku;
}

const count = (sku: string, available: number, { clientId }: Tenant) =>
  dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `stock#${clientId}#${sku}` },
      UpdateExpression: 'SET available = :available',
      ExpressionAttributeValues: { ':available': available },
    }),
  );

async function order(sku: string, quantity: number, token = 'tok_visa', as: Tenant = one): Promise<string> {
  const id = `order-${randomUUID()}`;
  const input = { ...rest, orderId: id, items: [{ sku, quantity }], payment: { ...payment, token } };
  expect((await submit('order-fulfilment', input, id, { as })).status).toBe(202);
  return id;
}

const outcome = (id: string, seconds?: number, as?: Tenant) => waitForOutcome('order-fulfilment', id, seconds, as);

describe('an order', () => {
  it('takes an order’s items out of the stock, charges the card and notifies the customer', async () => {
    const sku = await stocked(5);
    const id = await order(sku, 2);
    const { status, attempts, result } = await outcome(id);
    expect({ status, attempts, result }).toEqual({
      status: 'SUCCEEDED',
      attempts: 1,
      result: { chargeId: expect.stringMatching(/^ch_/), notified: true },
    });
    expect(await availableOf(sku)).toBe(3);
    expect(await orderRowOf(id)).toMatchObject({
      stock: 'RESERVED',
      charge: 'CHARGED',
      notifiedAt: expect.any(String),
    });
  });

  it('fails an order at once, without a charge, when there is not enough in stock', async () => {
    const sku = await stocked(1);
    const id = await order(sku, 2);
    expect(await outcome(id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'OUT_OF_STOCK', step: 'reserve-stock', message: expect.stringContaining(sku) },
    });
    expect(await availableOf(sku)).toBe(1);
    expect(await orderRowOf(id)).not.toHaveProperty('charge');
  });

  it('fails an order at once and returns its items to the stock when the card is declined', async () => {
    const sku = await stocked(5);
    const id = await order(sku, 2, 'tok_declined');
    expect(await outcome(id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'CARD_DECLINED', step: 'charge', message: 'the bank declined the card' },
    });
    expect(await availableOf(sku)).toBe(5);
    expect(await orderRowOf(id)).toMatchObject({ stock: 'RELEASED', charge: 'DECLINED' });
  });

  it('charges an order by the step’s own retry when the payment provider fails once', async () => {
    const id = await order(await stocked(5), 2, 'tok_flaky');
    expect(await outcome(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(await orderRowOf(id)).toMatchObject({ tries: 2, charge: 'CHARGED' });
  });

  it('undoes an order and tries it again during an outage of the payment provider, and charges once in the end', async () => {
    const sku = await stocked(5);
    const id = await order(sku, 2, 'tok_outage');
    expect(await outcome(id, RETRIED_SECONDS)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
    expect(await availableOf(sku)).toBe(3);
    // three tries of the first attempt, undone once, and one of the second
    expect(await orderRowOf(id)).toMatchObject({ attempt: 2, closed: 1, tries: 4, refunds: 1, charge: 'CHARGED' });
  });

  it('takes an order’s items only from the stock of its own tenant', async () => {
    const sku = await stocked(5);
    await count(sku, 1, other);
    const [mine, theirs] = [await order(sku, 2), await order(sku, 2, 'tok_visa', other)];
    expect(await outcome(mine)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await outcome(theirs, 30, other)).toMatchObject({ status: 'FAILED', error: { code: 'OUT_OF_STOCK' } });
    expect([await availableOf(sku), await availableOf(sku, other)]).toEqual([3, 1]);
  });

  it('never sells more than the stock, however many orders come at once', async () => {
    const sku = await stocked(3);
    const ids = await Promise.all(Array.from({ length: 6 }, () => order(sku, 1)));
    const outcomes = await Promise.all(ids.map((id) => outcome(id, RETRIED_SECONDS)));
    expect(outcomes.filter(({ status }) => status === 'SUCCEEDED')).toHaveLength(3);
    expect(await availableOf(sku)).toBe(0);
  });
});

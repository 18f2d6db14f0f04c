import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, output } from '@spillway/e2e/deployed.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { notify } from './notification.ts';
import { OvertakenError, orderKey, stockKey } from './order-row.ts';
import { chargeCard, refundCharge } from './payment.ts';
import { type PaymentProvider, testProvider } from './provider.ts';
import { releaseStock, reserveStock } from './stock.ts';

const table = output('processing', 'OrdersTableName');
const orders = { dynamo, table };

/** An order of two items out of a stock of five, and its steps, which a test can run for any attempt and in any order. */
async function newOrder(provider: PaymentProvider = testProvider) {
  const id = `order-${randomUUID()}`;
  const order = { ...orderFulfilment.example.input, items: [{ sku: `sku-${id}`, quantity: 2 }] };
  const attempt = (number: number) => sampleJob({ id, attempt: number });
  const stock = stockKey(attempt(1), `sku-${id}`);
  const values = { ':five': 5 };
  const count = { UpdateExpression: 'SET available = :five', ExpressionAttributeValues: values };
  await dynamo.send(new UpdateCommand({ TableName: table, Key: stock, ...count }));
  const read = async (key: { pk: string }) => (await dynamo.send(new GetCommand({ TableName: table, Key: key }))).Item;
  return {
    reserve: (number: number) => reserveStock(orders, 0)(order, attempt(number)),
    release: (number: number) => releaseStock(orders)(order, attempt(number)),
    charge: (number: number) => chargeCard(orders, provider)(order, attempt(number)),
    refund: (number: number) => refundCharge(orders, provider)(order, attempt(number)),
    notify: (number: number, sns: Parameters<typeof notify>[1]) => notify(orders, sns, 'topic')(order, attempt(number)),
    available: async () => (await read(stock))?.available,
    row: () => read(orderKey(attempt(1))),
  };
}

describe('reserve-stock', () => {
  it('reserves stock only once when the step runs again, also in the next attempt', async () => {
    const order = await newOrder();
    for (const attempt of [1, 1, 2]) await order.reserve(attempt);
    expect(await order.available()).toBe(3);
  });

  it('refuses to reserve after the attempt’s own release, and lets the next attempt reserve', async () => {
    const order = await newOrder();
    await order.release(1);
    await expect(order.reserve(1)).rejects.toBeInstanceOf(OvertakenError);
    expect(await order.available()).toBe(5);
    await order.reserve(2);
    expect(await order.available()).toBe(3);
  });

  it('refuses to reserve for an attempt when a newer one has taken over the order', async () => {
    const order = await newOrder();
    await order.reserve(2);
    await order.release(2);
    await expect(order.reserve(1)).rejects.toBeInstanceOf(OvertakenError);
    expect(await order.available()).toBe(5);
  });
});

describe('release-stock', () => {
  it('returns the stock only once when it is released twice', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await Promise.allSettled([order.release(1), order.release(1)]);
    await order.release(1);
    expect(await order.available()).toBe(5);
  });

  it('keeps the reservation of the next attempt when an older release comes late', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await order.reserve(2);
    await order.release(1);
    expect(await order.available()).toBe(3);
    expect(await order.row()).toMatchObject({ stock: 'RESERVED', attempt: 2 });
  });

  it('releases the stock that an earlier attempt reserved before it crashed', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await order.release(2);
    expect(await order.available()).toBe(5);
  });
});

describe('charge and refund', () => {
  /** A provider that records the keys of its requests. */
  const counting = () => {
    const keys = { charged: new Set<string>(), refunded: new Set<string>() };
    const provider: PaymentProvider = {
      charge(request) {
        keys.charged.add(request.idempotencyKey);
        return testProvider.charge(request);
      },
      async refund(key) {
        keys.refunded.add(key);
      },
    };
    return { keys, provider };
  };

  it('charges once when the step runs again, also in the next attempt', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.reserve(1);
    const charges = [await order.charge(1), await order.charge(1)];
    await order.reserve(2);
    charges.push(await order.charge(2));
    expect(new Set(charges.map(({ chargeId }) => chargeId)).size).toBe(1);
    expect(keys.charged.size).toBe(1);
  });

  it('refuses to charge an order without a reservation', async () => {
    const order = await newOrder();
    await expect(order.charge(1)).rejects.toBeInstanceOf(OvertakenError);
  });

  it('refuses to charge after the attempt’s own refund, and makes a new charge in the next attempt', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.reserve(1);
    const first = await order.charge(1);
    await order.refund(1);
    await order.refund(1);
    await expect(order.charge(1)).rejects.toBeInstanceOf(OvertakenError);
    await order.release(1);
    await order.reserve(2);
    expect(await order.charge(2)).not.toEqual(first);
    expect([...keys.charged][0]).toBe([...keys.refunded][0]);
    expect([keys.charged.size, keys.refunded.size]).toEqual([2, 1]);
  });

  it('refunds a charge with an unknown outcome in every attempt, also after an earlier refund', async () => {
    const { keys, provider } = counting();
    const silentAbout = async (request: Parameters<PaymentProvider['charge']>[0]) => {
      await provider.charge(request);
      throw new Error('the answer was lost');
    };
    const order = await newOrder({ ...provider, charge: silentAbout });
    for (const attempt of [1, 2]) {
      await order.reserve(attempt);
      await expect(order.charge(attempt)).rejects.toThrow('lost');
      await order.refund(attempt);
      await order.release(attempt);
    }
    expect(keys.charged.size).toBe(2);
    expect(keys.refunded).toEqual(keys.charged);
  });

  it('completes an interrupted refund in the next attempt and charges in the one after', async () => {
    const { keys, provider } = counting();
    let refunds = 0;
    const forgetful = async (key: string) => {
      await provider.refund(key);
      refunds += 1;
      if (refunds === 1) throw new Error('the answer was lost');
    };
    const order = await newOrder({ ...provider, refund: forgetful });
    await order.reserve(1);
    const first = await order.charge(1);
    await expect(order.refund(1)).rejects.toThrow('lost');
    await order.release(1);
    await order.reserve(2);
    await expect(order.charge(2)).rejects.toBeInstanceOf(OvertakenError);
    await order.refund(2);
    await order.release(2);
    await order.reserve(3);
    expect(await order.charge(3)).not.toEqual(first);
    expect([keys.charged.size, keys.refunded.size]).toEqual([2, 1]);
  });

  it('refunds nothing when no charge was tried', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.refund(1);
    expect(keys.refunded.size).toBe(0);
  });

  it('does not refund a charge for an older attempt', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.reserve(2);
    await order.charge(2);
    await order.refund(1);
    expect(keys.refunded.size).toBe(0);
  });
});

describe('notify', () => {
  it('notifies the customer once, with an id that identifies the order', async () => {
    const messages: { id: string }[] = [];
    const sns = {
      async send(command: { input: { Message?: string } }) {
        messages.push(JSON.parse(command.input.Message ?? ''));
      },
    } as unknown as Parameters<typeof notify>[1];
    const order = await newOrder();
    await order.reserve(1);
    for (const attempt of [1, 1, 2]) await order.notify(attempt, sns);
    expect(messages).toMatchObject([{ id: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'order.fulfilled' }]);
  });
});

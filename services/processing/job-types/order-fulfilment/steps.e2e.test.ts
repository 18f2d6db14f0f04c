import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { idempotencyKey } from '@spillway/shared/attempt/digests.ts';
import type { StepJob } from '@spillway/shared/attempt/job.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { dynamo, outputs } from '@spillway/shared/testing/engine.ts';
import { notify } from './notification.ts';
import { OvertakenError, orderKey, stockKey } from './order-row.ts';
import { chargeCard, refundCharge } from './payment.ts';
import { type PaymentProvider, testProvider } from './provider.ts';
import { releaseStock, reserveStock } from './stock.ts';

const table = outputs.processing.OrdersTableName ?? '';
const orders = { dynamo, table };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A job's order of two of five, and its steps as an attempt's workflow would run them, in any order. */
async function newOrder(provider: PaymentProvider = testProvider) {
  const id = `order-${randomUUID()}`;
  const order = { ...orderFulfilment.example.input, items: [{ sku: `sku-${id}`, quantity: 2 }] };
  const identity = { id, tenant: 'tenant-1', type: 'order-fulfilment' };
  const attempt = (number: number): StepJob => ({
    ...identity,
    attempt: number,
    acceptedAt: new Date(),
    traceId: '0'.repeat(32),
    idempotencyKey: (step) => idempotencyKey(identity, step),
    logger: silent,
  });
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

describe('reserving', () => {
  it('again takes nothing more out of the stock', async () => {
    const order = await newOrder();
    for (const attempt of [1, 1, 2]) await order.reserve(attempt);
    expect(await order.available()).toBe(3);
  });

  it('after its own release is refused, and the next attempt may', async () => {
    const order = await newOrder();
    await order.release(1);
    await expect(order.reserve(1)).rejects.toBeInstanceOf(OvertakenError);
    expect(await order.available()).toBe(5);
    await order.reserve(2);
    expect(await order.available()).toBe(3);
  });

  it('for an attempt that a newer one has followed is refused', async () => {
    const order = await newOrder();
    await order.reserve(2);
    await order.release(2);
    await expect(order.reserve(1)).rejects.toBeInstanceOf(OvertakenError);
    expect(await order.available()).toBe(5);
  });
});

describe('releasing', () => {
  it('twice puts back once', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await Promise.allSettled([order.release(1), order.release(1)]);
    await order.release(1);
    expect(await order.available()).toBe(5);
  });

  it('late leaves the next attempt what it has', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await order.reserve(2);
    await order.release(1);
    expect(await order.available()).toBe(3);
    expect(await order.row()).toMatchObject({ stock: 'RESERVED', attempt: 2 });
  });

  it('frees what an earlier attempt reserved that ended without a word', async () => {
    const order = await newOrder();
    await order.reserve(1);
    await order.release(2);
    expect(await order.available()).toBe(5);
  });
});

describe('charging', () => {
  /** Counts what it is asked. */
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

  it('again, also in the next attempt, is the same charge', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.reserve(1);
    const charges = [await order.charge(1), await order.charge(1)];
    await order.reserve(2);
    charges.push(await order.charge(2));
    expect(new Set(charges.map(({ chargeId }) => chargeId)).size).toBe(1);
    expect(keys.charged.size).toBe(1);
  });

  it('needs a reservation', async () => {
    const order = await newOrder();
    await expect(order.charge(1)).rejects.toBeInstanceOf(OvertakenError);
  });

  it('after its own refund is refused, and the next attempt’s is a charge of its own', async () => {
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

  it('whose outcome is never known is undone each time, also after an earlier refund', async () => {
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

  it('is not taken for paid where its refund was begun: the next attempt ends that, and the one after charges', async () => {
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

  it('that was never tried needs no refund', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.refund(1);
    expect(keys.refunded.size).toBe(0);
  });

  it('is not undone by an older attempt', async () => {
    const { keys, provider } = counting();
    const order = await newOrder(provider);
    await order.reserve(2);
    await order.charge(2);
    await order.refund(1);
    expect(keys.refunded.size).toBe(0);
  });
});

describe('telling the customer', () => {
  it('happens once, and says by its id which order it was', async () => {
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

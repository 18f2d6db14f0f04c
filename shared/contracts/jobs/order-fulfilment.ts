import * as z from 'zod/mini';
import { EMAIL } from '../email.ts';
import { defineJobType } from '../job-type.ts';

const Item = z.strictObject({
  sku: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
  /** More than a thousand of one item is a wholesale order, which somebody should look at first. */
  quantity: z.int().check(z.gte(1), z.lte(1000)),
});

const Input = z.strictObject({
  /** The shop's own number. To submit an order only once, however often it is sent, also use it as the job's id (PUT). */
  orderId: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)),
  /** At most 50, so that one transaction (100 writes on DynamoDB) has room for all of them and the order itself. */
  items: z.array(Item).check(
    z.minLength(1),
    z.maxLength(50),
    z.refine((items) => new Set(items.map(({ sku }) => sku)).size === items.length, {
      error: 'two items have the same sku',
    }),
  ),
  payment: z.strictObject({
    /** The token that the payment provider's form gave to the shop, never a card number. */
    token: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,100}$/)),
    /** In the currency's smallest unit, such as cents. Card networks take up to eight digits. */
    amount: z.int().check(z.gte(1), z.lte(99_999_999)),
    /** An ISO 4217 code. */
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  }),
  /** The person to notify that the order is on its way. */
  contact: z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(100)),
    /** At most as long as SMTP carries (https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3). */
    email: z.string().check(z.regex(EMAIL, { error: 'not an e-mail address' }), z.maxLength(254)),
  }),
});

const Result = z.strictObject({
  /** The payment provider's id of the charge. */
  chargeId: z.string(),
  /** False if the customer could not be notified. The order is still paid and reserved. */
  notified: z.boolean(),
});

export default defineJobType({
  name: 'order-fulfilment',
  service: 'processing',
  summary: 'Reserves the stock of an order, charges the card and notifies the customer.',
  run: 'express',
  searchKeys: ['orderId'],
  input: Input,
  result: Result,
  example: {
    input: {
      orderId: 'order-1001',
      items: [
        { sku: 'A-100', quantity: 2 },
        { sku: 'B-200', quantity: 1 },
      ],
      payment: { token: 'tok_visa', amount: 4200, currency: 'EUR' },
      contact: { name: 'Ada Lovelace', email: 'ada@example.com' },
    },
    result: { chargeId: 'ch_5d41402abc4b2a76b9719d911017c592', notified: true },
  },
  // trying every step three times and then undoing takes at most 84 s (workflow.test.ts); the workflow ends 3 s earlier
  timeoutSeconds: 90,
  // with the steps' own retries, five attempts survive a provider's outage of about a minute
  maxAttempts: 5,
  // 25 orders at a time: payment providers usually allow at least 25 calls a second, and an order makes one
  maxConcurrency: 5,
});

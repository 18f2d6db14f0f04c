import * as z from 'zod/mini';
import { defineJobType, ORDER_KEY } from '../job-type.ts';

/** An account's name. Accounts belong to their tenant, and the first posting opens one. */
const Account = z.string().check(z.regex(ORDER_KEY));

const Line = z.strictObject({
  account: Account,
  /** In the currency's minor unit: positive is a debit, negative a credit. */
  amount: z
    .int()
    .check(z.refine((amount) => amount !== 0, { error: 'an amount of 0 moves nothing: leave the line out' })),
});
type Lines = z.infer<typeof Line>[];

/** Exact, because 20 safe integers can add up to more than a safe integer. */
const sumOf = (lines: Lines) => lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

const Input = z
  .strictObject({
    /** The account whose postings are written one by one, in the order in which they were accepted. */
    account: Account,
    /** An ISO 4217 code. Nothing is converted: an account has a balance for each currency. */
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
    /** What the posting is for, in the client's words. It need not be unique. */
    reference: z.string().check(z.minLength(1), z.maxLength(200)),
    /**
     * At most 20: each line adds one item to the transaction (DynamoDB takes 100), and one account on which it can
     * conflict with other postings.
     */
    lines: z.array(Line).check(z.minLength(2), z.maxLength(20)),
  })
  .check(
    z.refine(({ lines }) => new Set(lines.map(({ account }) => account)).size === lines.length, {
      path: ['lines'],
      error: 'an account is in two lines: add its amounts up in one line',
    }),
    z.refine(({ account, lines }) => lines.some((line) => line.account === account), {
      path: ['lines'],
      error: 'no line is for the posting’s own account: add one, or choose another account',
    }),
    z.refine(({ lines }) => sumOf(lines) === 0n, {
      path: ['lines'],
      error: ({ input }) => `the amounts add up to ${sumOf((input as { lines: Lines }).lines)}: make them add up to 0`,
    }),
  );

const Result = z.strictObject({
  /** The posting's id in the ledger, the same for all attempts. */
  postingId: z.string(),
  /** When it was written. */
  postedAt: z.iso.datetime(),
  lines: z.int().check(z.gte(2)),
});

export default defineJobType({
  name: 'ledger-posting',
  service: 'processing',
  summary: 'Posts a double entry to a ledger, in the order of one account.',
  lane: { kind: 'ordered', orderKey: 'account' },
  input: Input,
  result: Result,
  example: {
    input: {
      account: 'customer-4711',
      currency: 'EUR',
      reference: 'order-1001',
      lines: [
        { account: 'customer-4711', amount: 4998 },
        { account: 'revenue', amount: -4200 },
        { account: 'vat', amount: -798 },
      ],
    },
    result: {
      postingId: '3f0c9d5be2a14c7f8d6e0b1a9c2d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f',
      postedAt: '2026-03-01T09:30:00.000Z',
      lines: 3,
    },
  },
  // a transaction takes about 20 ms, and its retries on a busy account less than a second; the rest is for a slow network
  timeoutSeconds: 5,
  // a posting that fails leaves a gap in its account, so it is retried patiently: with two to four minutes of backoff
  maxAttempts: 8,
  // with the batch size this gives at most 20 transactions at a time: as many as an attempt's retries can handle if all
  // of them post to one account, such as revenue; more would only conflict
  maxConcurrency: 2,
  batchSize: 10,
  // postings only wait for the table; those of one account still run one after the other
  batchRuns: 'together',
});

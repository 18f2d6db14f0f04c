import * as z from 'zod/mini';
import { defineJobType, ORDER_KEY } from '../job-type.ts';

/** An account's name; a tenant's accounts are its own, and the first posting opens one. */
const Account = z.string().check(z.regex(ORDER_KEY));

const Line = z.strictObject({
  account: Account,
  /** In the currency's minor unit: positive is a debit, negative a credit. */
  amount: z
    .int()
    .check(z.refine((amount) => amount !== 0, { error: 'an amount of 0 moves nothing: leave the line out' })),
});
type Lines = z.infer<typeof Line>[];

/** Exact: 20 safe integers can add up to more than a number holds. */
const sumOf = (lines: Lines) => lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

const Input = z
  .strictObject({
    /** The account whose order the posting keeps: its postings are written one by one, as they were accepted. */
    account: Account,
    /** An ISO 4217 code. Nothing is converted: an account has a balance in each currency. */
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
    /** What the posting is for, in the client's words; need not be unique. */
    reference: z.string().check(z.minLength(1), z.maxLength(200)),
    /**
     * At most 20: each line is one more item in the transaction (DynamoDB takes 100), and one more account on which it can
     * collide with others.
     */
    lines: z.array(Line).check(z.minLength(2), z.maxLength(20)),
  })
  .check(
    z.refine(({ lines }) => new Set(lines.map(({ account }) => account)).size === lines.length, {
      path: ['lines'],
      error: 'an account stands in two lines: put its amounts together in one',
    }),
    z.refine(({ account, lines }) => lines.some((line) => line.account === account), {
      path: ['lines'],
      error: 'none is of the posting’s own account: add one, or name another account',
    }),
    z.refine(({ lines }) => sumOf(lines) === 0n, {
      path: ['lines'],
      error: ({ input }) => `the amounts add up to ${sumOf((input as { lines: Lines }).lines)}: make them add up to 0`,
    }),
  );

const Result = z.strictObject({
  /** The posting's place in the ledger; the same whichever attempt wrote it. */
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
  // a transaction takes some 20 ms, and its tries on a busy account less than a second; the rest is for a slow network
  timeoutSeconds: 5,
  // a posting that fails leaves a gap in its account, so patience comes before speed: two to four minutes of backoff
  maxAttempts: 8,
  // with the batches at most 20 transactions at a time: as many as the tries of an attempt sort out if all of them post to
  // one account, such as revenue; more would only collide
  maxConcurrency: 2,
  batchSize: 10,
  // postings only wait on the table; those of one account still follow each other
  batchRuns: 'together',
});

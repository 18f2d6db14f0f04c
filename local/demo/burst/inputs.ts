import type { JobType } from '@spillway/shared/contracts/job-type.ts';

/** Makes the n-th input of a job type, from its contract's example. */
type Variation = (example: Record<string, unknown>, n: number, sinkUrl: string) => Record<string, unknown>;

/** Enough that most postings do not wait for another one, but few enough that some do. */
const ACCOUNTS = 50;
const accountOf = (n: number) => `account-${n % ACCOUNTS}`;
const moving = (amount: number, account: string, other: string) => ({
  account,
  lines: [
    { account, amount },
    { account: other, amount: -amount },
  ],
});

/** The time for a decision of the documents that nobody decides about. */
export const IGNORED_SECONDS = 10;
/** One in so many documents is one of those. */
const IGNORED_SHARE = 10;

/** How the inputs of a job type vary. A type without an entry always sends its example. */
const VARIATIONS: Record<string, Variation> = {
  'csv-import': (example, n) => ({
    ...example,
    // one row in ten is invalid
    csv: `sku,quantity,restocked\n${Array.from({ length: 5 }, (_, row) => `S-${n}-${row},${(n + row) % 10 ? row : 'many'},2026-03-01`).join('\n')}\n`,
  }),
  'webhook-delivery': (example, n, sinkUrl) => ({ ...example, url: `${sinkUrl}/hooks/${n}` }),
  'ledger-posting': (example, n) => ({
    ...example,
    ...moving(1 + (n % 500), accountOf(n), accountOf(n + 7)),
    reference: `posting-${n}`,
  }),
  'order-fulfilment': (example, n) => ({
    ...example,
    orderId: `order-${n}`,
    // a hundred different items of each kind, two items in each order
    items: [
      { sku: `A-${n % 100}`, quantity: 1 + (n % 3) },
      { sku: `B-${n % 100}`, quantity: 1 },
    ],
  }),
  'document-approval': (example, n) => ({
    ...example,
    title: `Policy ${n}`,
    decideWithinSeconds: n % IGNORED_SHARE ? 3600 : IGNORED_SECONDS,
  }),
  'invoice-render': (example, n) => ({
    ...example,
    number: `2026-${n}`,
    language: n % 2 ? 'de' : 'en',
    // from one line to sixty, which need three pages
    lines: Array.from({ length: 1 + ((n * 7) % 60) }, (_, line) => ({
      description: `Item ${line + 1}`,
      quantity: String(1 + ((n + line) % 9)),
      unitPrice: `${1 + ((n * 3 + line) % 90)}.${10 + (n % 90)}`,
      taxRate: line % 3 ? '23' : '9',
    })),
  }),
};

/** The n-th input of a burst. */
export function inputOf(jobType: JobType, n: number, sinkUrl: string): unknown {
  const vary = VARIATIONS[jobType.name];
  const example = jobType.example.input as Record<string, unknown>;
  return vary ? vary(example, n, sinkUrl) : example;
}

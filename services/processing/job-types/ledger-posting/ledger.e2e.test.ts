import { randomUUID } from 'node:crypto';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { dynamo, one, other, output, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { ledgerTable } from './ledger-table.ts';
import type { PostingInput, PostingResult } from './posting.ts';
import { post } from './run.ts';

const TYPE = 'ledger-posting';
const TABLE = output('processing', 'LedgerTableName');
/** Accounts that only this run uses, few enough that their postings conflict. */
const run = randomUUID().slice(0, 8);
const account = (n: number) => `${run}-${n % 5}`;

const moving = (amount: number, from: string, to: string, currency = 'EUR'): PostingInput => ({
  account: from,
  currency,
  reference: `${run}: ${amount}`,
  lines: [
    { account: from, amount },
    { account: to, amount: -amount },
  ],
});

/** Adds up the amounts of each name; exact, because a balance may be as large as a safe integer. */
function sums(entries: [name: string, amount: number][]): Record<string, bigint> {
  const total: Record<string, bigint> = {};
  for (const [name, amount] of entries) total[name] = (total[name] ?? 0n) + BigInt(amount);
  return total;
}

interface Balance {
  tenant: string;
  currency: string;
  account: string;
  balance: number;
}

/** Every balance in the ledger. */
async function allBalances(): Promise<Balance[]> {
  const found: Balance[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: TABLE, ConsistentRead: true })) {
    found.push(...Items.filter((item) => 'balance' in item).map((item) => item as Balance));
  }
  return found;
}

/** The balances of a tenant, by currency and account. */
const balancesOf = async (tenant: string) =>
  sums(
    (await allBalances())
      .filter((each) => each.tenant === tenant)
      .map(({ currency, account: name, balance }) => [`${currency} ${name}`, balance]),
  );

/** The sums of postings, by currency and account. */
const worthOf = (postings: PostingInput[]) =>
  sums(
    postings.flatMap(({ currency, lines }) =>
      lines.map((line): [string, number] => [`${currency} ${line.account}`, line.amount]),
    ),
  );

describe('the ledger', () => {
  it('keeps every posting once and adds up to zero when many postings conflict and some are sent twice', async () => {
    const sent = Array.from({ length: 60 }, (_, n) => ({
      id: `${run}-${n}`,
      as: n % 3 ? one : other,
      input: moving(n + 1, account(n), account(n + 1 + (n % 3)), n % 4 ? 'EUR' : 'USD'),
    }));
    const twice = [...sent, ...sent.filter((_, n) => n % 2)];
    const answers = await Promise.all(twice.map(({ input, as, id }) => submit(TYPE, input, id, { as })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    for (const { as, id } of sent)
      expect(await waitForOutcome(TYPE, id, 50, as)).toMatchObject({ status: 'SUCCEEDED' });

    for (const tenant of [one, other]) {
      const own = sent.filter(({ as }) => as === tenant).map(({ input }) => input);
      expect(await balancesOf(tenant.clientId)).toMatchObject(worthOf(own));
    }
    const groups = (await allBalances()).map(({ tenant, currency, balance }): [string, number] => [
      `${tenant} ${currency}`,
      balance,
    ]);
    expect(new Set(Object.values(sums(groups)))).toEqual(new Set([0n]));
  });

  it('writes the postings of an account in the order in which they were submitted', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { body } = await submit(TYPE, moving(n + 1, `${run}-ordered`, `${run}-elsewhere-${n}`));
      ids.push(body.jobId);
    }
    const times: string[] = [];
    for (const id of ids) times.push(((await waitForOutcome(TYPE, id)).result as PostingResult).postedAt);
    expect(times).toEqual([...times].sort());
  });

  it('does not change the ledger in a second attempt, and returns the result of the first', async () => {
    const posting = post(ledgerTable(dynamo, TABLE));
    const tenant = `by-hand-${run}`;
    const job = sampleJob({ tenant, idempotencyKey: (step) => `${run}-${step}` });
    const input = moving(5, 'cash', 'revenue');
    const first = await posting(input, job);
    expect(await posting(input, { ...job, attempt: 2 })).toEqual(first);
    expect(await balancesOf(tenant)).toEqual({ 'EUR cash': 5n, 'EUR revenue': -5n });
  });
});

describe('postings that the ledger cannot hold', () => {
  it('accepts a posting that does not balance, then fails it with the reason and writes nothing', async () => {
    const input = { ...moving(5, `${run}-off`, `${run}-balance`), lines: [{ account: `${run}-off`, amount: 5 }] };
    const unbalanced = { ...input, lines: [...input.lines, { account: `${run}-balance`, amount: -4 }] };
    const { body } = await submit(TYPE, unbalanced);
    expect(await waitForOutcome(TYPE, body.jobId)).toMatchObject({
      status: 'FAILED',
      attempts: 0,
      error: { code: 'INPUT_REFUSED', message: 'lines: the amounts add up to 1: make them add up to 0' },
    });
    expect(await balancesOf(one.clientId)).not.toHaveProperty([`EUR ${run}-off`]);
  });

  it('fails a posting at once, without writing any line, when a balance would exceed its limit', async () => {
    const [full, rest] = [`${run}-full`, `${run}-rest`];
    const first = await submit(TYPE, moving(Number.MAX_SAFE_INTEGER, full, rest));
    expect(await waitForOutcome(TYPE, first.body.jobId)).toMatchObject({ status: 'SUCCEEDED' });
    const second = await submit(TYPE, moving(1, full, `${run}-untouched`));
    expect(await waitForOutcome(TYPE, second.body.jobId)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'BALANCE_LIMIT', message: expect.stringContaining(full) },
    });
    expect(await balancesOf(one.clientId)).not.toHaveProperty([`EUR ${run}-untouched`]);
  });

  it.each([
    ['an account with a space', { account: 'my account' }, 'account'],
    ['an invalid currency code', { currency: 'euro' }, 'currency'],
    ['no reference', { reference: undefined }, 'reference'],
    ['an amount given as text', { lines: [{ account: 'a', amount: '5' }] }, 'number'],
  ])('refuses at the front door a posting with %s', async (_, changes, named) => {
    const { status, body } = await submit(TYPE, { ...moving(5, `${run}-a`, `${run}-b`), ...changes });
    expect([status, body.detail]).toEqual([400, expect.stringContaining(named)]);
  });
});

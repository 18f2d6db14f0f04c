import { fit } from '@spillway/shared/contracts/job-type.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import fc from 'fast-check';
import { type Posting, postingOf } from './posting.ts';
import { balanceKey, LARGEST_BALANCE, postingKey, transactionOf } from './transaction.ts';

const tenant = fc.constantFrom('tenant-1', 'tenant-2');
const currency = fc.constantFrom('EUR', 'USD');
const account = fc.constantFrom('cash', 'revenue', 'vat', 'customer-1', 'customer-2');
const amount = fc.oneof(fc.integer(), fc.constantFrom(LARGEST_BALANCE, -LARGEST_BALANCE), fc.maxSafeInteger());

/** Valid postings: the first line balances the others. */
const posting: fc.Arbitrary<Posting> = fc
  .record({
    tenant,
    currency,
    accounts: fc.uniqueArray(account, { minLength: 2 }),
    amounts: fc.array(amount, { minLength: 5, maxLength: 5 }),
    id: fc.nat({ max: 9 }),
  })
  .map(({ tenant: owner, currency: code, accounts, amounts, id }) => {
    const free = accounts.slice(1).map((name, index) => ({ account: name, amount: amounts[index] ?? 1 }));
    const rest = -free.reduce((sum, line) => sum + BigInt(line.amount), 0n);
    const lines = [{ account: accounts[0] ?? '', amount: Number(rest) }, ...free];
    const input = { account: accounts[0] ?? '', currency: code, reference: 'r', lines };
    return postingOf(input, { id: `job-${id}`, tenant: owner, idempotencyKey: () => `key-${id}` }, new Date(0));
  })
  .filter(({ account: own, currency: code, reference, lines }) => {
    return fit(ledgerPosting.input, { account: own, currency: code, reference, lines }).success;
  });

/** A table that understands only these transactions. Balances are exact, like DynamoDB's numbers (38 digits). */
function model() {
  const posted = new Set<string>();
  const balances = new Map<string, { group: string; balance: bigint }>();
  const write = (each: Posting) => {
    const [{ Put } = {}, ...updates] = transactionOf(each, 'ledger');
    const changes = updates.map(({ Update }) => {
      const values = Update?.ExpressionAttributeValues ?? {};
      return { pk: String(Update?.Key?.pk), condition: Update?.ConditionExpression ?? '', values };
    });
    const holds = changes.every(({ pk, condition, values }) => {
      const found = balances.get(pk);
      const furthest = BigInt(values[':furthest']);
      return !found || (condition.includes('<=') ? found.balance <= furthest : found.balance >= furthest);
    });
    const pk = String(Put?.Item?.pk);
    if (posted.has(pk) || !holds) return;
    posted.add(pk);
    for (const { pk: key, values } of changes) {
      const before = balances.get(key)?.balance ?? 0n;
      const group = `${values[':tenant']} ${values[':currency']}`;
      balances.set(key, { group, balance: before + BigInt(values[':amount']) });
    }
  };
  return { write, balances };
}

describe('the ledger', () => {
  it('the ledger adds up to zero per tenant and currency and keeps every balance within its limit, whatever is posted', () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 30 }), (postings) => {
        const { write, balances } = model();
        for (const each of postings) write(each);
        const sums = Map.groupBy(balances.values(), ({ group }) => group);
        for (const group of sums.values()) expect(group.reduce((sum, { balance }) => sum + balance, 0n)).toBe(0n);
        for (const { balance } of balances.values()) {
          expect(balance >= -BigInt(LARGEST_BALANCE) && balance <= BigInt(LARGEST_BALANCE)).toBe(true);
        }
      }),
    );
  });

  it('a posting writes only items of its tenant, each one once, within the size limit of a transaction', () => {
    fc.assert(
      fc.property(posting, (each) => {
        const writes = transactionOf(each, 'ledger');
        const keys = writes.map(({ Put, Update }) => String(Put?.Item?.pk ?? Update?.Key?.pk));
        expect(keys.every((pk) => pk.startsWith(`${each.tenant}#`))).toBe(true);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.length).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('ledger keys', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  // a message that somebody sent to the lane by hand may name any tenant
  const anyTenant = fc.oneof(name, fc.string({ minLength: 1, maxLength: 40 }));
  const parts = fc.oneof(
    fc.tuple(fc.constant('posting'), anyTenant, fc.constant(''), fc.stringMatching(/^[0-9a-f]{64}$/)),
    fc.tuple(fc.constant('balance'), anyTenant, fc.stringMatching(/^[A-Z]{3}$/), name),
  );
  const keyOf = ([kind, owner, code, id]: [string, string, string, string]) =>
    kind === 'posting' ? postingKey({ tenant: owner, postingId: id }).pk : balanceKey(owner, code, id).pk;

  it('the ledger has different keys for different tenants, currencies, accounts and postings', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(keyOf(one)).not.toBe(keyOf(other));
      }),
    );
  });
});

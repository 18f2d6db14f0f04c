import { fit } from '@spillway/shared/contracts/job-type.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { LedgerBusyError } from './cancellation.ts';
import type { Ledger } from './ledger-table.ts';
import type { Posting, PostingInput } from './posting.ts';
import { post } from './run.ts';

const input = ledgerPosting.example.input;
const job = sampleJob({ idempotencyKey: (step) => `${step}-key` });

/** A ledger that is busy the given number of times before it accepts postings. It keeps the first posting of a key. */
function ledger(busy = 0): Ledger & { tries: () => number } {
  const kept = new Map<string, Posting>();
  let tries = 0;
  return {
    tries: () => tries,
    async write(posting) {
      tries += 1;
      if (tries <= busy) throw new LedgerBusyError('TransactionConflict');
      const first = kept.get(posting.postingId) ?? posting;
      kept.set(posting.postingId, first);
      return first;
    },
  };
}

describe('ledger-posting', () => {
  it('returns a result that fits the contract of ledger-posting', async () => {
    const result = await post(ledger())(input, job);
    expect(fit(ledgerPosting.result, result).data).toMatchObject({ postingId: 'post-key', lines: 3 });
  });

  it('returns the same posting result in a later attempt', async () => {
    const run = post(ledger());
    const first = await run(input, job);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await run(input, { ...job, attempt: 2 })).toEqual(first);
  });

  it('retries a posting within the attempt while others write to the same accounts', async () => {
    const busy = ledger(3);
    await post(busy)(input, job);
    expect(busy.tries()).toBe(4);
  });

  it('lets the lane retry a posting when the ledger stays busy', async () => {
    const busy = ledger(100);
    await expect(post(busy)(input, job)).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
    expect(busy.tries()).toBe(6);
  });

  it('stops retrying a posting when the time of the attempt is up', async () => {
    const busy = ledger(100);
    const aborted = { ...job, signal: AbortSignal.abort() };
    await expect(post(busy)(input, aborted)).rejects.toMatchObject({ name: 'AbortError' });
    expect(busy.tries()).toBe(1);
  });

  it('does not mistake another failure for a busy ledger', async () => {
    const broken: Ledger = {
      write: async () => {
        throw new Error('no such table');
      },
    };
    await expect(post(broken)(input, job)).rejects.toThrow('no such table');
  });
});

describe('postings that the contract refuses', () => {
  const lines = (...amounts: [string, number][]) => amounts.map(([account, amount]) => ({ account, amount }));
  const largest = Number.MAX_SAFE_INTEGER;

  it.each<[string, Partial<PostingInput>, string]>([
    ['amounts that do not balance', { lines: lines(['cash', 2], ['vat', -1]) }, 'the amounts add up to 1'],
    ['an account in two lines', { lines: lines(['cash', 2], ['cash', -2]) }, 'is in two lines'],
    ['no line of its own account', { account: 'vat', lines: lines(['cash', 2], ['revenue', -2]) }, 'own account'],
    ['an amount of zero', { lines: lines(['cash', 0], ['vat', 0]) }, 'moves nothing'],
    ['one line', { lines: lines(['cash', 2]) }, 'lines'],
    ['a fraction', { lines: lines(['cash', 0.5], ['vat', -0.5]) }, 'lines.0.amount'],
    [
      'an amount that a number cannot hold exactly',
      { lines: lines(['cash', 2 ** 53], ['vat', -(2 ** 53)]) },
      'lines.0.amount',
    ],
    [
      'amounts whose sum a number cannot hold exactly',
      { lines: lines(['cash', largest], ['vat', largest], ['tax', -largest], ['fee', 1 - largest]) },
      'the amounts add up to 1',
    ],
    ['an invalid currency code', { currency: 'euro' }, 'currency'],
    ['an account with a space', { account: 'my account' }, 'account'],
  ])('refuses a posting with %s and gives the reason', (_, changes, reason) => {
    const posting = { ...input, account: 'cash', lines: lines(['cash', 2], ['vat', -2]), ...changes };
    const { issues = [] } = fit(ledgerPosting.input, posting).error ?? {};
    const reasons = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(reasons.join('; ')).toContain(reason);
  });
});

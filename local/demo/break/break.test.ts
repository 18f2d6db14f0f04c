import type { JobSummary } from '@spillway/shared/contracts/job.ts';
import { auditLedger, type Ledger } from './ledger-check.ts';
import { planFaults } from './plan.ts';

describe('the plan of a break test', () => {
  it('plans the same faults for the same seed, and others for another', () => {
    expect(planFaults(7, 50)).toEqual(planFaults(7, 50));
    expect(planFaults(7, 50)).not.toEqual(planFaults(8, 50));
  });

  it('plans faults of all kinds, mostly kills', () => {
    const count = (kind: string) => planFaults(1, 400).filter((fault) => fault.kind === kind).length;
    expect(count('kill')).toBeGreaterThan(200);
    expect(count('freeze')).toBeGreaterThan(80);
    expect(count('late')).toBeGreaterThan(20);
  });
});

const at = (second: number) => `2026-11-26T00:00:${String(second).padStart(2, '0')}.000Z`;
const job = (jobId: string, accepted: number, settled: number): JobSummary => ({
  jobId,
  type: 'ledger-posting',
  status: 'SUCCEEDED',
  attempts: 1,
  acceptedAt: at(accepted),
  settledAt: at(settled),
});
const posting = (jobId: string, posted: number) => ({
  jobId,
  account: 'a',
  postedAt: at(posted),
  lines: [
    { account: 'a', amount: 5 },
    { account: 'b', amount: -5 },
  ],
});

describe('the audit of a ledger', () => {
  const jobs = [job('one', 0, 2), job('two', 1, 4)];
  const good: Ledger = { postings: [posting('one', 1), posting('two', 3)], balances: { a: 10, b: -10 } };

  it('finds nothing in a ledger to which each job posted once and in its order', () => {
    expect(auditLedger(good, jobs)).toEqual([]);
  });

  it.each<[string, Ledger, JobSummary[]]>([
    [
      'one posted twice',
      { ...good, postings: [...good.postings, posting('one', 5)], balances: { a: 15, b: -15 } },
      jobs,
    ],
    ['two succeeded, but did not post', { postings: [posting('one', 1)], balances: { a: 5, b: -5 } }, jobs],
    ['two posted, but there is no such job', good, jobs.slice(0, 1)],
    ['the balance of b is -5, not -10', { ...good, balances: { a: 10, b: -5 } }, jobs],
    ['two overtook one on a', { ...good, postings: [posting('one', 3), posting('two', 1)] }, jobs],
    ['two overtook one on a', good, [job('one', 0, 5), job('two', 1, 4)]],
  ])('finds in a ledger that %s', (problem, ledger, of) => {
    expect(auditLedger(ledger, of)).toContain(problem);
  });
});

import { fit } from '@spillway/shared/contracts/job-type.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';
import fc from 'fast-check';
import { inputOf } from './inputs.ts';
import { isGood, percentile, type Summary, tableOf, verdictOn } from './summary.ts';

describe('a percentile', () => {
  it('finds a percentile among the numbers, with at least its share of them not above it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.constantFrom(0.5, 0.95, 0.99), (numbers, share) => {
        const value = percentile(numbers, share);
        expect(numbers).toContain(value);
        expect(numbers.filter((number) => number <= value).length).toBeGreaterThanOrEqual(share * numbers.length);
      }),
    );
  });
});

const SUMMARY: Summary = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  accepted: 10,
  ways: { single: 10 },
  missed: {},
  settled: 10,
  outcomes: { SUCCEEDED: 9, FAILED: 0, CANCELLED: 0, EXPIRED: 1 },
  unfinished: 0,
  lost: 0,
  doubled: 0,
  latencies: [5],
  seconds: 2,
  events: 10,
  facts: { distinct: 20, repeated: 0 },
  webhooks: 0,
};

describe('the summary of a burst', () => {
  it('says that each job was settled exactly once only if each was', () => {
    expect(verdictOn(SUMMARY)).toBe('Each of the 10 accepted jobs was settled exactly once.');
    expect(tableOf(SUMMARY)).not.toContain('unfinished');
  });

  it('names every outcome that a job had, and no other', () => {
    expect(tableOf(SUMMARY)).toMatch(/settled +10 \(9 succeeded, 1 expired\)$/m);
    const outcomes = { SUCCEEDED: 0, FAILED: 7, CANCELLED: 3, EXPIRED: 0 };
    expect(tableOf({ ...SUMMARY, outcomes })).toContain('10 (0 succeeded, 7 failed, 3 cancelled)');
  });

  it('says in which ways the jobs of a mixed burst came, and how many were replayed', () => {
    expect(tableOf(SUMMARY)).toMatch(/accepted +10$/m);
    const mixed = tableOf({ ...SUMMARY, ways: { single: 6, delayed: 2, cancelled: 1, replayed: 1 } });
    expect(mixed).toMatch(/accepted +10 \(7 single, 3 delayed\)$/m);
    expect(mixed).toMatch(/replayed +1, after they had failed$/m);
  });

  it('calls jobs that still wait or run unfinished, not lost', () => {
    const summary = { ...SUMMARY, settled: 7, unfinished: 3 };
    expect(verdictOn(summary)).toMatch(/^None of the 10 accepted jobs is lost.* 3 are still waiting or running\.$/);
    expect(tableOf(summary)).toMatch(/unfinished +3/);
  });

  it('says which jobs of a burst did not go as planned, and calls only a burst without them good', () => {
    expect(isGood(SUMMARY)).toBe(true);
    expect(tableOf(SUMMARY)).not.toContain('not as planned');
    const summary = { ...SUMMARY, missed: { replayed: 2, bulk: 1 } };
    expect(isGood(summary)).toBe(false);
    expect(verdictOn(summary)).toMatch(/exactly once, but not all went as planned: 2 replayed, 1 bulk\.$/);
    expect(tableOf(summary)).toMatch(/not as planned +2 replayed, 1 bulk$/m);
  });

  it('says that jobs were lost or settled twice', () => {
    expect(verdictOn({ ...SUMMARY, settled: 9, lost: 1 })).toContain('1 jobs were lost');
    expect(verdictOn({ ...SUMMARY, doubled: 2 })).toContain('2 were settled twice');
  });

  it('counts different facts, and names the duplicates that the lake has', () => {
    expect(tableOf(SUMMARY)).toMatch(/facts in the lake +20$/m);
    const facts = { distinct: 20, repeated: 3 };
    expect(tableOf({ ...SUMMARY, facts })).toMatch(/facts in the lake +20 \(and 3 duplicates\)$/m);
  });
});

describe('the inputs of a burst', () => {
  it.each(activeJobTypes())('sends a burst with inputs that fit the contract of $name', (jobType) => {
    for (let n = 0; n < 60; n += 1) {
      const parsed = fit(jobType.input, inputOf(jobType, n, 'http://127.0.0.1:1'));
      expect(parsed.error?.issues ?? []).toEqual([]);
    }
  });
});

import { fit } from '@spillway/shared/contracts/job-type.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import fc from 'fast-check';
import { inputOf } from './inputs.ts';
import { percentile } from './summary.ts';

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

describe('the inputs of a burst', () => {
  it.each(loadJobTypes())('sends a burst with inputs that fit the contract of $name', (jobType) => {
    for (let n = 0; n < 60; n += 1) {
      const parsed = fit(jobType.input, inputOf(jobType, n, 'http://127.0.0.1:1'));
      expect(parsed.error?.issues ?? []).toEqual([]);
    }
  });
});

import fc from 'fast-check';
import { RetryLaterError } from './errors.ts';
import { afterThrow, backoffSeconds, LONGEST_WAIT_SECONDS } from './retry.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('waits between half of 2^attempt seconds and all of it before a retry, and never longer than SQS can delay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), random, (attempt, chance) => {
        const ceiling = Math.min(LONGEST_WAIT_SECONDS, 2 ** attempt);
        const seconds = backoffSeconds(attempt, chance);
        expect(seconds).toBeGreaterThanOrEqual(ceiling / 2);
        expect(seconds).toBeLessThanOrEqual(ceiling);
      }),
    );
  });

  it.each([
    [300, 300],
    [0, 0],
    [-5, 0],
    [1e9, LONGEST_WAIT_SECONDS],
  ])('waits as long as job code asks before a retry, within limits: asked for %d s it waits %d s', (asked, waits) => {
    const error = new RetryLaterError('BUSY', 'later', asked);
    expect(afterThrow(error, 1, 3, 0)).toEqual({ kind: 'retry', afterSeconds: waits });
  });

  it('uses the normal backoff when job code asks for NaN seconds, for example from an unreadable header', () => {
    const error = new RetryLaterError('BUSY', 'later', Number.NaN);
    expect(afterThrow(error, 1, 3, 0)).toEqual({ kind: 'retry', afterSeconds: backoffSeconds(1, 0) });
  });
});

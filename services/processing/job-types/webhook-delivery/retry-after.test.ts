import { retryAfterSeconds } from './retry-after.ts';

describe('Retry-After', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  it.each([
    ['0', undefined],
    ['120', 120],
    ['Mon, 23 Nov 2026 12:01:00 GMT', 60],
    ['Monday, 23-Nov-26 12:01:00 GMT', 60],
    ['Mon Nov 23 12:01:00 2026', 60],
    ['Tue Dec  1 12:00:00 2026', 8 * 86_400],
    ['Mon, 23 Nov 2026 11:00:00 GMT', undefined],
    ['2026-11-23T12:01:00Z', undefined],
    ['23 Nov 2027', undefined],
    ['May 1', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    [undefined, undefined],
  ])('reads the Retry-After header %s as %s seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

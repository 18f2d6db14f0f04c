import { retryAfterMs } from './patience.ts';

it.each([
  [null, 0],
  ['3', 3000],
  ['Fri, 27 Nov 2026 00:00:10 GMT', 10_000],
  ['Fri, 27 Nov 2020 00:00:10 GMT', 0],
  ['soon', 0],
])('reads the Retry-After "%s" as %d ms', (text, ms) => {
  expect(retryAfterMs(text, Date.parse('2026-11-27T00:00:00Z'))).toBe(ms);
});

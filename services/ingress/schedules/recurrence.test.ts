import fc from 'fast-check';
import { readRecurrence } from './recurrence.ts';

const at = (text: string) => new Date(text);
const next = (expression: string, timezone: string, after: string) =>
  readRecurrence(expression, timezone, at(after)).next(at(after))?.toISOString();

describe('a schedule expression', () => {
  it.each([
    ['every day at a time of the zone', 'cron(0 3 * * ? *)', 'Europe/Berlin', '2026-01-10T02:00:00.000Z'],
    ['on working days by number', 'cron(0 9 ? * 2-6 *)', 'UTC', '2026-01-12T09:00:00.000Z'],
    ['on working days by name', 'cron(0 9 ? * MON-FRI *)', 'UTC', '2026-01-12T09:00:00.000Z'],
    ['from a minute on in steps', 'cron(5/20 * * * ? *)', 'UTC', '2026-01-10T00:05:00.000Z'],
    ['on the last day of the month', 'cron(0 18 L * ? *)', 'UTC', '2026-01-31T18:00:00.000Z'],
    ['on the last Friday of the month', 'cron(0 18 ? * 6L *)', 'UTC', '2026-01-30T18:00:00.000Z'],
    ['on the second Monday of the month', 'cron(0 9 ? * 2#2 *)', 'UTC', '2026-01-12T09:00:00.000Z'],
    ['on the working day nearest to the first', 'cron(0 9 1W * ? *)', 'UTC', '2026-02-02T09:00:00.000Z'],
    ['on Saturdays, which are the last day of the week', 'cron(0 9 ? * L *)', 'UTC', '2026-01-10T09:00:00.000Z'],
    ['in one year only', 'cron(0 0 1 1 ? 2030)', 'UTC', '2030-01-01T00:00:00.000Z'],
  ])('runs %s', (_, expression, timezone, expected) => {
    expect(next(expression, timezone, '2026-01-10T00:00:00Z')).toBe(expected);
  });

  it('keeps its time of day when the clocks change', () => {
    const berlin = (after: string) => next('cron(0 3 * * ? *)', 'Europe/Berlin', after);
    expect(berlin('2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(berlin('2026-10-24T12:00:00Z')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('has no next run after its last year', () => {
    expect(next('cron(0 0 1 1 ? 2020)', 'UTC', '2026-01-10T00:00:00Z')).toBeUndefined();
  });

  it.each([
    ['expression', 'cron(0 3 * * *)', 'UTC', 'six fields'],
    ['expression', 'cron(0 3 * * * *)', 'UTC', '"\\?"'],
    ['expression', 'cron(0 3 ? * ? *)', 'UTC', '"\\?"'],
    ['expression', 'cron(61 3 * * ? *)', 'UTC', 'minutes 61 is not from 0 to 59'],
    ['expression', 'cron(0 3 32 * ? *)', 'UTC', 'day-of-month 32 is not from 1 to 31'],
    ['expression', 'cron(0 3 1 0-3 ? *)', 'UTC', 'month 0 is not from 1 to 12'],
    ['expression', 'cron(0 3 ? * 2,0#1 *)', 'UTC', 'day-of-week 0 is not from 1 to 7'],
    ['expression', 'cron(0 3 1 * ? 2200)', 'UTC', 'year 2200 is not from 1970 to 2199'],
    ['expression', 'cron(0 3 +1 * ? *)', 'UTC', 'illegal characters$'],
    ['expression', 'cron(nonsense)', 'UTC', 'six fields'],
    ['expression', 'rate(0 minutes)', 'UTC', '1 or more'],
    ['expression', 'rate(5 seconds)', 'UTC', 'rate\\(5 minutes\\)'],
    ['expression', 'at(2030-01-01T00:00:00)', 'UTC', 'rate\\(5 minutes\\)'],
    ['expression', '* * * * *', 'UTC', 'cron\\('],
    ['timezone', 'rate(5 minutes)', 'Mars/Olympus', 'IANA'],
    ['timezone', 'rate(5 minutes)', '+01:00', 'IANA'],
    ['timezone', 'rate(5 minutes)', '', 'IANA'],
  ])('is refused by its %s: %s in %s', (field, expression, timezone, reason) => {
    const read = () => readRecurrence(expression, timezone, new Date(0));
    expect(read).toThrow(expect.objectContaining({ field, message: expect.stringMatching(reason) }));
  });

  it('names the same times forwards and backwards', () => {
    const expressions = ['rate(7 minutes)', 'rate(1 day)', 'cron(0/10 8-18 ? * MON-FRI *)', 'cron(0 3 * * ? *)'];
    const hour = 3_600_000;
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        fc.constantFrom('UTC', 'America/New_York'),
        fc.integer({ min: 0, max: 20_000 }),
        (expression, timezone, hours) => {
          const recurrence = readRecurrence(expression, timezone, at('2026-01-01T00:00:00Z'));
          const after = new Date(Date.UTC(2026, 0, 1) + hours * hour);
          const following = recurrence.next(after);
          expect(following && following > after).toBe(true);
          expect(following && recurrence.previous(following, 1)).toEqual([following]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

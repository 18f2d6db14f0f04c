import * as fc from 'fast-check';
import { LONGEST_AHEAD_MS, timeOf } from './times.ts';

const NOW = new Date('2026-11-27T02:00:00.000Z');
const moments = fc.date({ min: new Date(0), max: new Date(NOW.getTime() + LONGEST_AHEAD_MS), noInvalidDate: true });

describe('a time that a client sends', () => {
  it('any RFC 3339 time up to a year ahead is read, in any time zone', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -23 * 60, max: 23 * 60 }), (moment, offset) => {
        const local = new Date(moment.getTime() + offset * 60_000);
        fc.pre(local.getTime() >= 0);
        const two = (n: number) => String(n).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
        const text = local.toISOString().replace('Z', zone);
        expect(timeOf(text, NOW)).toEqual(moment);
      }),
    );
  });

  it('whole seconds count from the acceptance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST_AHEAD_MS / 1000 }), (seconds) => {
        expect(timeOf(String(seconds), NOW)?.getTime()).toBe(NOW.getTime() + seconds * 1000);
      }),
    );
  });

  it('a time that is further ahead than a year is refused, in both forms', () => {
    expect(timeOf(String(LONGEST_AHEAD_MS / 1000 + 1), NOW)).toBeUndefined();
    expect(timeOf(new Date(NOW.getTime() + LONGEST_AHEAD_MS + 1).toISOString(), NOW)).toBeUndefined();
    expect(timeOf('99999999', NOW)).toBeUndefined();
  });

  it.each([
    '',
    'tomorrow',
    '-1',
    '1.5',
    '1e3',
    '60s',
    '123456789',
    '2026-12-01',
    '2026-12-01T10:00:00',
    '2026-12-01 10:00:00Z',
    '2026-12-01T10:00Z',
    '2026-13-01T10:00:00Z',
    '2027-02-29T10:00:00Z',
    '2026-12-32T10:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T10:00:60Z',
    '2026-12-01T10:00:00 02:00',
    '2026-12-01T10:00:00Z,60',
    '[60, 70]',
    '60\n',
    '٦٠',
  ])('%j is not a time', (text) => {
    expect(timeOf(text, NOW)).toBeUndefined();
  });

  it('any text is either no time or one that is at most a year ahead', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/)),
        (text) => {
          const time = timeOf(text, NOW);
          expect(time === undefined || time.getTime() - NOW.getTime() <= LONGEST_AHEAD_MS).toBe(true);
        },
      ),
    );
  });
});

import { readTime, readTimeAhead } from './times.ts';

describe('a time on the command line', () => {
  it.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:00.5+01:00', '2026-03-01T08:30:00.500Z'],
    ['2026-03-01t09:30:00z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is read as %s', (text, time) => {
    expect(readTime(text)?.toISOString()).toBe(time);
  });

  it.each([
    'yesterday',
    '1',
    '2026',
    '2026-03',
    '2026-02-30',
    '2026-13-01',
    '2026-02-30T09:30:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:30:00',
    '2026-03-01T09:30Z',
    '2026-03-01 ',
    '',
  ])('"%s" is not a time', (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});

describe('a time ahead on the command line', () => {
  const now = new Date('2026-11-27T10:00:00Z');

  it.each([
    ['3600', '3600'],
    ['2026-12-24', '2026-12-24T00:00:00Z'],
    ['2026-12-24T18:00:00+01:00', '2026-12-24T18:00:00+01:00'],
    ['2020-01-01', '2020-01-01T00:00:00Z'],
  ])('%s is sent as %s', (text, sent) => {
    expect(readTimeAhead(text, now)).toBe(sent);
  });

  it.each(['tomorrow', '-1', '1.5', '2026-11-31', '2027-12-24', '99999999'])('%s is refused', (text) => {
    expect(readTimeAhead(text, now)).toBeUndefined();
  });
});

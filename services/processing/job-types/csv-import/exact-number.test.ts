import fc from 'fast-check';
import { exactNumber } from './exact-number.ts';

describe('an exact number', () => {
  it.each([
    ['0.10', 0.1],
    ['-0', -0],
    ['+007.50', 7.5],
    ['9007199254740991', 9007199254740991],
    ['1000000000000000000000000', 1e24],
    ['0.0000001', 1e-7],
    ['123456789012345', 123456789012345],
  ])('reads the decimal number %s', (text, number) => {
    expect(exactNumber(text)).toBe(number);
  });

  it.each(['12345678901234567.89', '9007199254740993', '0.12345678901234567890', '1e400', `1${'0'.repeat(400)}`])(
    'refuses the decimal number %s, which a double cannot hold',
    (text) => {
      expect(exactNumber(text)).toBeUndefined();
    },
  );

  it('reads every decimal number of up to 15 significant digits, however it is written', () => {
    const digits = fc.stringMatching(/^[0-9]{1,15}$/);
    fc.assert(
      fc.property(fc.constantFrom('', '+', '-'), digits, fc.nat(15), (sign, all, point) => {
        const at = Math.min(point, all.length);
        const text = `${sign}${all.slice(0, at) || '0'}${at < all.length ? `.${all.slice(at)}` : ''}`;
        expect(exactNumber(text)).toBe(Number(text));
      }),
    );
  });

  it('decides about a decimal number of a megabyte within a second', () => {
    const before = process.cpuUsage();
    expect(exactNumber(`1.${'01'.repeat(500_000)}`)).toBeUndefined();
    expect(exactNumber(`1.${'0'.repeat(1_000_000)}`)).toBe(1);
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(1);
  });
});

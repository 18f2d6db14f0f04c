import fc from 'fast-check';
import { type Invoice, invoiceTotals } from './totals.ts';

const line = (quantity: string, unitPrice: string, taxRate: string): Invoice['lines'][number] => ({
  description: 'something',
  quantity,
  unitPrice,
  taxRate,
});
const eur = (...lines: Invoice['lines']) => invoiceTotals({ currency: 'EUR', lines });

/** A decimal with up to six places, as a contract allows it. */
const decimals = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 6 }))
    .map(([whole, fraction, places]) =>
      places === 0 ? String(whole) : `${whole}.${String(fraction).padStart(6, '0').slice(0, places)}`,
    );
const lines = fc.array(
  fc
    .tuple(
      fc.boolean(),
      decimals(999_999_999),
      decimals(999_999_999),
      fc.constantFrom('0', '5.5', '7', '19', '19.0', '21'),
    )
    .map(([returned, quantity, price, rate]) => line(returned ? `-${quantity}` : quantity, price, rate)),
  { minLength: 1, maxLength: 20 },
);

/** A decimal as a whole number of millionths. */
function millionths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const digits = BigInt(whole + fraction.padEnd(6, '0'));
  return decimal.startsWith('-') ? -digits : digits;
}
const cents = (amount: string) => BigInt(amount.replace('.', ''));
const half = (n: bigint, divisor: bigint) =>
  n < 0n ? -((-n * 2n + divisor) / (divisor * 2n)) : (n * 2n + divisor) / (divisor * 2n);
const total = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

describe('the totals of an invoice', () => {
  it('the tax of an invoice is computed once for each rate, from the lowest to the highest', () => {
    expect(eur(line('2', '49.90', '23'), line('1', '18', '9'), line('1.5', '64.25', '23.0'))).toEqual({
      lines: ['99.80', '18.00', '96.38'],
      taxes: [
        { rate: '9', net: '18.00', tax: '1.62' },
        { rate: '23', net: '196.18', tax: '45.12' },
      ],
      net: '214.18',
      tax: '46.74',
      gross: '260.92',
    });
  });

  it.each([
    ['0.1', '0.25', '0.03'],
    ['-0.1', '0.25', '-0.03'],
    ['1.005', '1', '1.01'],
    ['-0.001', '1', '0.00'],
  ])('%s times %s is %s, rounded half away from zero', (quantity, price, amount) => {
    expect(eur(line(quantity, price, '0')).net).toBe(amount);
  });

  it.each([
    ['JPY', '3'],
    ['EUR', '2.50'],
    ['KWD', '2.500'],
  ])('amounts in %s have the decimal places of that currency: %s', (currency, net) => {
    expect(invoiceTotals({ currency, lines: [line('1', '2.5', '0')] }).net).toBe(net);
  });

  it('each invoice line is the exact product of quantity and price, rounded once', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const exact = some.map(({ quantity, unitPrice }) =>
          half(millionths(quantity) * millionths(unitPrice), 10_000_000_000n),
        );
        expect(eur(...some).lines.map(cents)).toEqual(exact);
      }),
    );
  });

  it('adding up the printed amounts of an invoice gives the printed totals', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const totals = eur(...some);
        expect(total(totals.lines.map(cents))).toBe(cents(totals.net));
        expect(total(totals.taxes.map(({ net }) => cents(net)))).toBe(cents(totals.net));
        expect(total(totals.taxes.map(({ tax }) => cents(tax)))).toBe(cents(totals.tax));
        expect(cents(totals.net) + cents(totals.tax)).toBe(cents(totals.gross));
      }),
    );
  });

  it('each tax rate has one tax, which is its share of the net amount, rounded once', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const { taxes } = eur(...some);
        expect(new Set(taxes.map(({ rate }) => Number(rate))).size).toBe(taxes.length);
        for (const { rate, net, tax } of taxes) {
          expect(cents(tax)).toBe(half(cents(net) * millionths(rate), 100_000_000n));
        }
      }),
    );
  });
});

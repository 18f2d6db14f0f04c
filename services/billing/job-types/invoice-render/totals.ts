import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';
import Big from 'big.js';

export type Invoice = InputOf<typeof invoiceRender>;

/** Amounts in the invoice's currency, as exact decimals with all their decimal places. */
export interface Totals {
  /** Of each line, without tax, in the invoice's order. */
  lines: string[];
  /** From the lowest rate to the highest. */
  taxes: { rate: string; net: string; tax: string }[];
  net: string;
  tax: string;
  gross: string;
}

/** Half a cent is rounded up to a cent, also half a cent of a refund. */
const ROUNDING = Big.roundHalfUp;

/**
 * Adds up an invoice according to EN 16931: each line is rounded, tax is computed and rounded once for each rate, from
 * the sum of its lines, and totals are sums of rounded amounts. So the printed amounts always add up to the printed
 * totals.
 */
export function invoiceTotals({ lines, currency }: Pick<Invoice, 'lines' | 'currency'>): Totals {
  const places = decimalPlaces(currency);
  const amounts = lines.map(({ quantity, unitPrice }) => new Big(quantity).times(unitPrice).round(places, ROUNDING));
  const netByRate = new Map<string, Big>();
  for (const [index, { taxRate }] of lines.entries()) {
    // 19 and 19.0 are the same rate
    const rate = new Big(taxRate).toFixed();
    netByRate.set(rate, (netByRate.get(rate) ?? new Big(0)).plus(amounts[index] ?? 0));
  }
  const taxes = [...netByRate]
    .map(([rate, net]) => ({ rate, net, tax: net.times(rate).div(100).round(places, ROUNDING) }))
    .sort((a, b) => new Big(a.rate).cmp(b.rate));
  const net = sum(amounts);
  const tax = sum(taxes.map((each) => each.tax));
  const written = (amount: Big) => amount.toFixed(places);
  return {
    lines: amounts.map(written),
    taxes: taxes.map((each) => ({ rate: each.rate, net: written(each.net), tax: written(each.tax) })),
    net: written(net),
    tax: written(tax),
    gross: written(net.plus(tax)),
  };
}

const sum = (amounts: readonly Big[]) => amounts.reduce((total, amount) => total.plus(amount), new Big(0));

/** How many decimal places amounts of a currency have: 2 for EUR, 0 for JPY, 3 for KWD. */
const decimalPlaces = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

/** The languages in which a document's own words, dates and numbers can be written. */
export const LANGUAGES = ['en', 'de'] as const;

/** An exact number as text: JSON numbers are binary fractions, and 0.1 is not one. */
const decimal = (pattern: RegExp) => z.string().check(z.regex(pattern));
const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));

const Party = z.strictObject({
  name: text(200),
  /** The lines of a postal address, as on an envelope. */
  address: z.array(text(200)).check(z.minLength(1), z.maxLength(6)),
  /** A VAT or sales tax number. */
  taxId: z.optional(text(40)),
});

const Line = z.strictObject({
  description: text(500),
  /** Up to six decimal places. Negative for returned items. */
  quantity: decimal(/^-?\d{1,9}(\.\d{1,6})?$/),
  /** The price of one unit, without tax, in the invoice's currency. */
  unitPrice: decimal(/^\d{1,9}(\.\d{1,6})?$/),
  /** In percent, such as `19` or `5.5`. */
  taxRate: decimal(/^\d{1,2}(\.\d{1,3})?$/),
});

const Input = z.strictObject({
  /** The seller's own number. To render an invoice only once, also use it as the job's id (PUT). */
  number: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/)),
  issueDate: z.iso.date(),
  dueDate: z.optional(z.iso.date()),
  /** An ISO 4217 code. It determines to how many decimal places amounts are rounded. */
  currency: z.string().check(
    z.regex(/^[A-Z]{3}$/),
    z.refine((code) => Intl.supportedValuesOf('currency').includes(code), { error: 'not an ISO 4217 currency' }),
  ),
  /** English by default. */
  language: z.optional(z.enum(LANGUAGES)),
  seller: Party,
  buyer: Party,
  /** At most 1000: a longer invoice is a file, not a document that people read. */
  lines: z.array(Line).check(z.minLength(1), z.maxLength(1000)),
  /** Printed below the totals, such as how to pay. */
  note: z.optional(text(2000)),
});

/** An amount in the invoice's currency with all its decimal places, such as `49.90`. */
const Amount = decimal(/^-?\d+(\.\d+)?$/);

const Result = z.strictObject({
  /** The HTML document, in the stage's payload bucket. It is kept for 90 days. */
  document: z.strictObject({ key: z.string(), bytes: z.int().check(z.positive()) }),
  totals: z.strictObject({ net: Amount, tax: Amount, gross: Amount }),
  /** The tax of each rate, from the lowest rate to the highest. */
  taxes: z.array(z.strictObject({ rate: Amount, net: Amount, tax: Amount })),
});

export default defineJobType({
  name: 'invoice-render',
  service: 'billing',
  summary: 'Renders an invoice as an HTML document to read and to print.',
  input: Input,
  result: Result,
  example: {
    input: {
      number: '2026-0042',
      issueDate: '2026-03-01',
      dueDate: '2026-03-15',
      currency: 'EUR',
      seller: {
        name: 'Example Tools Ltd',
        address: ['1 Harbour Street', 'Dublin D01 A2B3', 'Ireland'],
        taxId: 'IE1234567X',
      },
      buyer: { name: 'Ada Lovelace', address: ['12 Mill Lane', 'Cambridge CB2 1RX', 'United Kingdom'] },
      lines: [
        { description: 'Torque wrench', quantity: '2', unitPrice: '49.90', taxRate: '23' },
        { description: 'Workshop handbook', quantity: '1', unitPrice: '18.00', taxRate: '9' },
        { description: 'Calibration, per hour', quantity: '1.5', unitPrice: '64.25', taxRate: '23' },
      ],
      note: 'Please pay within 14 days.',
    },
    result: {
      document: { key: 'invoices/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.html', bytes: 3120 },
      totals: { net: '214.18', tax: '46.74', gross: '260.92' },
      taxes: [
        { rate: '9', net: '18.00', tax: '1.62' },
        { rate: '23', net: '196.18', tax: '45.12' },
      ],
    },
  },
});

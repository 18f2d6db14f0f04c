import type { LANGUAGES } from '@spillway/shared/contracts/jobs/invoice-render.ts';

type Label =
  | 'invoice'
  | 'issued'
  | 'due'
  | 'seller'
  | 'buyer'
  | 'taxId'
  | 'items'
  | 'description'
  | 'quantity'
  | 'unitPrice'
  | 'taxRate'
  | 'amount'
  | 'taxes'
  | 'totals'
  | 'net'
  | 'tax'
  | 'gross';

/** The document's own words. Texts of the invoice itself stay in the language of its seller. */
export const LABELS: Record<(typeof LANGUAGES)[number], Record<Label, string>> = {
  en: {
    invoice: 'Invoice',
    issued: 'Issued on',
    due: 'Due on',
    seller: 'From',
    buyer: 'To',
    taxId: 'Tax number',
    items: 'Items',
    description: 'Description',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    taxRate: 'Tax rate',
    amount: 'Amount',
    taxes: 'Tax by rate',
    totals: 'Totals',
    net: 'Without tax',
    tax: 'Tax',
    gross: 'Total',
  },
  de: {
    invoice: 'Rechnung',
    issued: 'Rechnungsdatum',
    due: 'Zahlbar bis',
    seller: 'Von',
    buyer: 'An',
    taxId: 'Steuernummer',
    items: 'Positionen',
    description: 'Beschreibung',
    quantity: 'Menge',
    unitPrice: 'Einzelpreis',
    taxRate: 'Steuersatz',
    amount: 'Betrag',
    taxes: 'Steuer nach Satz',
    totals: 'Summen',
    net: 'Netto',
    tax: 'Steuer',
    gross: 'Gesamt',
  },
};

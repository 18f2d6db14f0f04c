import type { RunOf } from '@spillway/shared/attempt/job-code.ts';
import type invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';
import { invoiceDocument } from './document.ts';
import { invoiceTotals } from './totals.ts';

/** Where documents are stored. */
export interface Documents {
  put(key: string, body: string, contentType: string): Promise<void>;
}

/** Renders an invoice and keeps the document. Each attempt at a job writes the same document to the same place. */
export const render =
  (documents: Documents): RunOf<typeof invoiceRender> =>
  async (invoice, job) => {
    const totals = invoiceTotals(invoice);
    const document = invoiceDocument(invoice, totals);
    const key = `invoices/${job.idempotencyKey('document')}.html`;
    await documents.put(key, document, 'text/html; charset=utf-8');
    const { net, tax, gross, taxes } = totals;
    return { document: { key, bytes: Buffer.byteLength(document) }, totals: { net, tax, gross }, taxes };
  };

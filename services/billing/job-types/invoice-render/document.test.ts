import invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';
import fc from 'fast-check';
import { invoiceDocument } from './document.ts';
import { type Invoice, invoiceTotals } from './totals.ts';

const { input: example } = invoiceRender.example;
const rendered = (invoice: Invoice) => invoiceDocument(invoice, invoiceTotals(invoice));
const tagsOf = (document: string) => document.match(/<[^>]*>/g);
/** Without the kinds of spaces that number formats use. */
const plain = (document: string) => document.replace(/[\u00a0\u202f]/g, ' ');

describe('the document of an invoice', () => {
  it('the document shows the parties, the lines, the tax of each rate and the totals', () => {
    const document = rendered(example);
    for (const text of ['2026-0042', 'Ada Lovelace', 'Torque wrench', '€45.12', '23%', '€260.92', 'March 15, 2026']) {
      expect(plain(document)).toContain(text);
    }
  });

  it('the document declares its language and writes its words, dates and numbers in it', () => {
    const document = plain(rendered({ ...example, language: 'de' }));
    expect(document).toContain('<html lang="de">');
    for (const text of ['Rechnung 2026-0042', '260,92 €', '23 %', '15. März 2026']) expect(document).toContain(text);
  });

  it('a unit price keeps all its decimal places, and a total is exact beyond what a number can hold', () => {
    const line = { description: 'x', quantity: '999999999', unitPrice: '999999999.999999', taxRate: '0' };
    const document = plain(rendered({ ...example, lines: [line] }));
    expect(document).toContain('€999,999,999.999999');
    expect(document).toContain('€999,999,998,999,999,000.00');
  });

  it('a note keeps its lines', () => {
    expect(rendered({ ...example, note: 'Pay soon.\nIBAN DE02' })).toContain('<p>Pay soon.\nIBAN DE02</p>');
  });

  it('every table of the document has a caption, and every header cell has a scope', () => {
    const document = rendered(example);
    expect(document.match(/<caption>/g)).toHaveLength(document.match(/<table/g)?.length ?? 0);
    expect(tagsOf(document)?.filter((tag) => tag.startsWith('<th '))).toEqual(
      expect.arrayContaining([expect.stringMatching(/scope="(col|row)"/)]),
    );
    expect(document).not.toContain('<th>');
  });

  it('a client’s text never becomes a tag in the document', () => {
    const expected = tagsOf(rendered(example))?.length;
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
        const [line, ...others] = example.lines;
        if (!line) throw new Error('the example has no line');
        const invoice = {
          ...example,
          buyer: { ...example.buyer, name: text },
          lines: [{ ...line, description: text }, ...others],
          note: text,
        };
        expect(tagsOf(rendered(invoice))).toHaveLength(expected ?? 0);
      }),
    );
  });
});

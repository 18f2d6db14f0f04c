import { fit } from '@spillway/shared/contracts/job-type.ts';
import invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { render } from './run.ts';

const { example } = invoiceRender;

/** Runs the example once for each attempt, and keeps what was written. */
async function rendering(...attempts: number[]) {
  const written: { key: string; body: string; contentType: string }[] = [];
  const run = render({ put: async (key, body, contentType) => void written.push({ key, body, contentType }) });
  const job = sampleJob({ idempotencyKey: (step) => `key-of-${step}` });
  const results = await Promise.all(attempts.map((attempt) => run(example.input, { ...job, attempt })));
  return { written, results };
}

describe('rendering an invoice', () => {
  it('an invoice is written as an HTML document, and the result says where, how long and how much', async () => {
    const { written, results } = await rendering(1);
    expect(written).toMatchObject([{ key: 'invoices/key-of-document.html', contentType: 'text/html; charset=utf-8' }]);
    expect(results[0]).toEqual({
      ...example.result,
      document: { key: 'invoices/key-of-document.html', bytes: Buffer.byteLength(written[0]?.body ?? '') },
    });
    expect(fit(invoiceRender.result, results[0]).success).toBe(true);
  });

  it('a second attempt at an invoice writes the same document to the same key', async () => {
    const { written } = await rendering(1, 2);
    expect(written[1]).toEqual(written[0]);
  });
});

describe('the contract of an invoice', () => {
  it.each([
    ['a number that JSON holds as a fraction', { quantity: 0.1 }],
    ['a price with an exponent', { unitPrice: '1e3' }],
    ['a negative price', { unitPrice: '-1' }],
    ['a tax rate of 100 % or more', { taxRate: '100' }],
  ])('an invoice line with %s is refused', (_, change) => {
    const lines = [{ ...example.input.lines[0], ...change }];
    expect(fit(invoiceRender.input, { ...example.input, lines }).success).toBe(false);
  });

  it('an invoice in a currency that does not exist is refused', () => {
    expect(fit(invoiceRender.input, { ...example.input, currency: 'XYZ' }).success).toBe(false);
  });
});

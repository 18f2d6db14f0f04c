import { bucket } from '@spillway/e2e/bucket.ts';
import { output, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import type { ResultOf } from '@spillway/shared/contracts/job-type.ts';
import invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';

const payloads = bucket(output('processing', 'PayloadBucketName'));

it('a submitted invoice becomes a document in the payload bucket', async () => {
  const { status, body } = await submit('invoice-render', invoiceRender.example.input);
  expect(status).toBe(202);
  const job = await waitForOutcome('invoice-render', body.jobId);
  expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
  const { document, totals } = job.result as ResultOf<typeof invoiceRender>;
  expect(totals).toEqual(invoiceRender.example.result.totals);
  const html = (await payloads.get(document.key)) ?? '';
  expect(Buffer.byteLength(html)).toBe(document.bytes);
  expect(html).toContain('<h1>Invoice 2026-0042</h1>');
});

import type { Client } from '@spillway/client';

export async function manage({ jobs, cancellations, schedules }: Client, rows: Blob): Promise<string[]> {
  const { csvImport, documentApproval, orderFulfilment } = jobs;
  const columns = [{ name: 'sku', type: 'string', required: true } as const];

  // in an hour, an uploaded file; then now, after all
  const file = await csvImport.upload(rows);
  const later = await csvImport.submit({ file, columns }, { runAfter: 3600, expiresAfter: 7200 });
  await csvImport.waitFor(later, { until: ({ status }) => status === 'SCHEDULED' });
  await csvImport.move(later, new Date());
  const moved = await csvImport.waitFor(later);

  // a person decides
  const text = 'Book by train where a train goes.';
  const policy = await documentApproval.submit({ title: 'Travel', text, approvers: ['ada@example.com'] });
  await documentApproval.waitFor(policy, { until: ({ status }) => status === 'WAITING' });
  await documentApproval.decide(policy, 'approve', { comment: 'Good to go.' });
  const decided = await documentApproval.waitFor(policy);

  // each line of a file is a job, to run in a week
  const lines = ['A-100', 'B-200'].map((sku) => JSON.stringify({ input: { csv: sku, columns }, runAfter: 604_800 }));
  const bulk = await csvImport.bulk(new Blob([lines.join('\n')]), {
    ratePerSecond: 100,
    onJob: ({ progress }) => console.log(`${progress?.done ?? 0} of ${progress?.total ?? '?'} lines`),
  });
  console.log(bulk.result?.submitted, bulk.result?.report);

  // one job, and all that fit
  const unwanted = await csvImport.submit({ csv: 'A-100', columns }, { runAfter: 30 * 86_400 });
  const cancelled = await csvImport.cancel(unwanted);
  const filter = { status: 'SCHEDULED', where: { orderId: 'order-1001' } } as const;
  if ((await orderFulfilment.countAll(filter)).matched > 0) {
    await cancellations.waitFor(await orderFulfilment.cancelAll(filter));
  }

  // every night
  const nightly = { type: 'csv-import', input: { csv: 'A-100', columns }, expression: 'cron(0 2 * * ? *)' } as const;
  await schedules.put('nightly', { ...nightly, timezone: 'Europe/Berlin' });
  await schedules.delete('nightly');

  return [moved, decided, bulk, cancelled].map(({ status }) => status);
}

import { mkdtempSync, openAsBlob, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, tokenSource } from '@spillway/client';
import { fulfilOrders } from '@spillway/client/testing/readme-example.ts';
import { manage } from '@spillway/client/testing/readme-manage.ts';
import { follow } from '@spillway/client/testing/readme-watch.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { one, other, stage } from './deployed.ts';

const clientOf = (tenant: typeof one) =>
  createClient({ apiUrl: stage.apiUrl, apiKey: tenant.apiKey, token: tokenSource(stage, tenant) });
const { jobs } = clientOf(one);
const { input, result } = csvImport.example;
const { csv = '', ...rules } = input;

describe('the client', () => {
  it('the example in its README fulfils orders and finds them', async () => {
    const numbers = Array.from({ length: 3 }, () => crypto.randomUUID());
    expect(await fulfilOrders({ ...stage, ...one }, numbers)).toEqual([numbers[0]]);
    for (const id of numbers.slice(1)) {
      expect(
        await jobs.orderFulfilment.waitFor({ jobId: id, links: { self: `?acceptedAt=${Date.now()}` } }),
      ).toMatchObject({
        status: 'SUCCEEDED',
      });
    }
  });

  it('the examples in its README move, decide, upload, send a file, cancel and schedule, and watch until their signal ends it', async () => {
    const client = clientOf(one);
    const statuses = manage(client, new Blob(['sku\nA-100\n'], { type: 'text/csv' }));
    await expect(follow(client, AbortSignal.timeout(3000))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await statuses).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'CANCELLED']);
  });

  it('waits for a job that it has just submitted, and gets the result of its type', async () => {
    const job = await jobs.csvImport.waitFor(await jobs.csvImport.submit(input));
    expect(job).toMatchObject({ status: 'SUCCEEDED', result });
  });

  it('submits 1,500 jobs as batches, each of which runs once', async () => {
    const outcomes = await jobs.csvImport.batch(Array.from({ length: 1500 }, () => ({ input })));
    expect(outcomes.filter((outcome) => 'problem' in outcome)).toEqual([]);
    expect(new Set(outcomes.map(({ jobId }) => jobId)).size).toBe(1500);
    const last = outcomes.at(-1);
    if (!last || 'problem' in last) throw new Error('the last job was refused');
    expect(await jobs.csvImport.waitFor(last, { withinSeconds: 120 })).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 1,
    });
  });

  it('gets a ClientError with the problem document for an input that does not fit', async () => {
    await expect(jobs.csvImport.submit({ csv: 7 } as never)).rejects.toMatchObject({
      name: 'ClientError',
      code: 'BAD_REQUEST',
      status: 400,
      problem: { title: 'Bad Request' },
    });
  });

  it('does not find a job of another tenant', async () => {
    const submitted = await jobs.csvImport.submit(input);
    await jobs.csvImport.waitFor(submitted);
    await expect(clientOf(other).jobs.csvImport.get(submitted.jobId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cancels no job that has another outcome, and none that there is not', async () => {
    const done = await jobs.csvImport.submit(input);
    await jobs.csvImport.waitFor(done);
    await expect(jobs.csvImport.cancel(done)).rejects.toMatchObject({ code: 'CONFLICT', status: 409 });
    await expect(jobs.csvImport.cancel('no-such-job')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('moves a scheduled job to now, and no job that is not scheduled', async () => {
    const submitted = await jobs.csvImport.submit(input, { runAfter: 3600 });
    await jobs.csvImport.waitFor(submitted, { until: ({ confirmed }) => confirmed });
    expect(await jobs.csvImport.move(submitted, new Date())).toMatchObject({ status: 'SCHEDULED' });
    expect(await jobs.csvImport.waitFor(submitted)).toMatchObject({ status: 'SUCCEEDED', result });
    await expect(jobs.csvImport.move(submitted, 60)).rejects.toMatchObject({ code: 'CONFLICT', status: 409 });
  });

  it('decides about a job that waits for a person, once', async () => {
    const submitted = await jobs.documentApproval.submit({
      ...documentApproval.example.input,
      decideWithinSeconds: 60,
    });
    const asked = { until: ({ status }: { status: string }) => status === 'WAITING', withinSeconds: 60 };
    await jobs.documentApproval.waitFor(submitted, asked);
    const approve = () => jobs.documentApproval.decide(submitted, 'approve', { comment: 'Good.' });
    expect(await approve()).toEqual({ jobId: submitted.jobId, decision: 'approve' });
    await expect(jobs.documentApproval.decide(submitted, 'reject')).rejects.toMatchObject({ code: 'CONFLICT' });
    const job = await jobs.documentApproval.waitFor(submitted, { withinSeconds: 60 });
    expect(job.result).toMatchObject({ approved: true, comment: 'Good.' });
    const { decidedAt } = job.result as { decidedAt: string };
    // as a client does that lost the first answer
    expect(await approve()).toEqual({ jobId: submitted.jobId, decision: 'approve', recordedAt: decidedAt });
  });

  it('uploads a file of Node and imports it by its pointer', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'client-')), 'rows.csv');
    writeFileSync(path, csv);
    const file = await jobs.csvImport.upload(await openAsBlob(path, { type: 'text/csv' }));
    const job = await jobs.csvImport.waitFor(await jobs.csvImport.submit({ ...rules, file }));
    expect(job).toMatchObject({ status: 'SUCCEEDED', result });
    const empty = jobs.csvImport.upload(new Blob([]));
    await expect(empty).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('bytes') });
  });

  it('submits the lines of a file, reports its progress, and names the refused lines in a report', async () => {
    const ids = Array.from({ length: 2 }, () => crypto.randomUUID());
    const lines = [...ids.map((id) => ({ id, input })), { input: { csv: 7 } }].map((line) => JSON.stringify(line));
    const seen: string[] = [];
    const job = await jobs.csvImport.bulk(new Blob([lines.join('\n')]), { onJob: ({ status }) => seen.push(status) });
    expect(job).toMatchObject({ status: 'SUCCEEDED', result: { submitted: 2, refused: 1 } });
    expect(await (await fetch(job.result?.report ?? '')).json()).toMatchObject({ line: 3 });
    expect([seen[0], seen.at(-1)]).toEqual(['QUEUED', 'SUCCEEDED']);
    for (const jobId of ids) {
      const found = { jobId, links: { self: `?acceptedAt=${Date.now()}` } };
      expect(await jobs.csvImport.waitFor(found)).toMatchObject({ status: 'SUCCEEDED' });
    }
  });

  it('lists a job once it has started, page by page', async () => {
    const { jobId } = await jobs.csvImport.waitFor(await jobs.csvImport.submit(input));
    for await (const job of jobs.csvImport.list({ status: 'SUCCEEDED' })) if (job.jobId === jobId) return;
    throw new Error('the job is not in the list');
  });
});

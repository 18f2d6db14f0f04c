import { createClient, tokenSource } from '@spillway/client';
import { fulfilOrders } from '@spillway/client/testing/readme-example.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { one, other, stage } from './deployed.ts';

const clientOf = (tenant: typeof one) =>
  createClient({ apiUrl: stage.apiUrl, apiKey: tenant.apiKey, token: tokenSource(stage, tenant) });
const { jobs } = clientOf(one);
const { input, result } = csvImport.example;

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

  it('lists a job once it has started, page by page', async () => {
    const { jobId } = await jobs.csvImport.waitFor(await jobs.csvImport.submit(input));
    for await (const job of jobs.csvImport.list({ status: 'SUCCEEDED' })) if (job.jobId === jobId) return;
    throw new Error('the job is not in the list');
  });
});

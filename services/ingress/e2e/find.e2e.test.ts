import { randomUUID } from 'node:crypto';
import { dynamo, listJobs, one, other, output, request, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { jobReads } from '@spillway/shared/job-store/reads.ts';

const TYPE = orderFulfilment.name;
const { input } = orderFulfilment.example;

/** Submits orders with one number, one after the other, and waits until they are settled. @returns their ids */
async function orders(orderId: unknown, count: number, as = one): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await submit(TYPE, { ...input, orderId }, id, { as });
  for (const id of ids) await waitForOutcome(TYPE, id, 60, as);
  return ids;
}

const found = async (query: Record<string, string>, as = one) => (await listJobs(TYPE, query, as)).body.jobs;
const idsOf = async (query: Record<string, string>, as = one) => (await found(query, as)).map(({ jobId }) => jobId);

describe('finding jobs', () => {
  it('a search key finds the jobs that have its value, the newest first, over pages, and no others', async () => {
    const orderId = `order-${randomUUID()}`;
    const ids = await orders(orderId, 3);
    await orders(`${orderId}-2`, 1);
    const newestFirst = [...ids].reverse();
    expect(await idsOf({ orderId })).toEqual(newestFirst);
    const { body: first } = await listJobs(TYPE, { orderId, limit: '2' });
    const rest = await idsOf({ orderId, limit: '2', cursor: first.cursor ?? '' });
    expect([...first.jobs.map(({ jobId }) => jobId), ...rest]).toEqual(newestFirst);
    expect(await idsOf({ orderId: `${orderId}-3` })).toEqual([]);
  });

  it('a search key goes with a status, and finds a job that failed because of its input', async () => {
    const orderId = `order-${randomUUID()}`;
    const [good = ''] = await orders(orderId, 1);
    const bad = randomUUID();
    const sameSku = { ...input, orderId, items: [input.items[0], input.items[0]] };
    await submit(TYPE, sameSku, bad);
    expect(await waitForOutcome(TYPE, bad)).toMatchObject({ status: 'FAILED', error: { code: 'INPUT_REFUSED' } });
    expect((await idsOf({ orderId })).sort()).toEqual([good, bad].sort());
    expect(await idsOf({ orderId, status: 'FAILED' })).toEqual([bad]);
    expect((await found({ orderId, status: 'SUCCEEDED' })).map(({ jobId }) => jobId)).not.toContain(bad);
    expect(await idsOf({ orderId, status: 'RUNNING' })).toEqual([]);
  });

  it('a tenant finds only its own jobs, also when another tenant has jobs with the same value', async () => {
    const orderId = `order-${randomUUID()}`;
    const mine = await orders(orderId, 1);
    expect(await idsOf({ orderId }, other)).toEqual([]);
    const theirs = await orders(orderId, 1, other);
    expect(await idsOf({ orderId }, other)).toEqual(theirs);
    expect(await idsOf({ orderId })).toEqual(mine);
  });

  it('a job of a type without search keys has no place in their indexes', async () => {
    const id = randomUUID();
    await submit('csv-import', csvImport.example.input, id);
    await waitForOutcome('csv-import', id);
    const reads = jobReads(dynamo, output('processing', 'JobsTableName'));
    const rows = (await listJobs('csv-import', { limit: '1' })).body.jobs;
    expect(rows).toHaveLength(1);
    const { sub } = JSON.parse(atob(one.token.split('.')[1] ?? ''));
    const row = await reads.get({ tenant: sub, type: 'csv-import', id });
    expect(Object.keys(row ?? {}).filter((name) => name.startsWith('find'))).toEqual([]);
  });

  it.each([
    ['csv-import', 'orderId=a', 'orderId: there is no such parameter; use status, cursor, limit.'],
    [TYPE, 'orderId=a&orderId=b', 'orderId: send it once.'],
    [TYPE, 'sku=a', 'sku: there is no such parameter; use status, cursor, limit, orderId.'],
    [TYPE, 'orderId=a&cursor=none-of-ours', 'cursor: '],
    [TYPE, 'orderId=a&status=DONE', 'status: '],
    [TYPE, 'orderId=a&limit=0', 'limit: '],
  ])('a list of %s with %s gets 400, and the answer says what can be searched', async (type, query, detail) => {
    const { status, body } = await request(`/jobs/${type}?${query}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)]);
  });

  it('openapi.json names the search keys of a job type as parameters of its list', async () => {
    const { body } = await request<{ paths: Record<string, { get: { parameters: { name: string }[] } }> }>(
      '/openapi.json',
    );
    const namesOf = (type: string) => body.paths[`/jobs/${type}`]?.get.parameters.map(({ name }) => name);
    expect(namesOf(TYPE)).toEqual(['status', 'cursor', 'limit', 'orderId']);
    expect(namesOf('csv-import')).toEqual(['status', 'cursor', 'limit']);
  });
});

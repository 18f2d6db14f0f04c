import { randomUUID } from 'node:crypto';
import { getJob, listJobs, one, other, request, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const input = csvImport.example.input;
const TYPE = 'csv-import';
const idsOf = async (query: Record<string, string>, as = one) =>
  (await listJobs(TYPE, query, as)).body.jobs.map(({ jobId }) => jobId);

/** Submits jobs and waits until they are settled. @returns their ids, in the order in which they were accepted */
async function settled(count: number, as = one): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await submit(TYPE, input, id, { as });
  for (const id of ids) await waitForOutcome(TYPE, id, 30, as);
  return ids;
}

describe('tenants', () => {
  it('a tenant sees no job of another tenant, and may use the same id for its own job', async () => {
    const [id = ''] = await settled(1);
    expect((await getJob(TYPE, id, other)).status).toBe(404);
    expect(await idsOf({ limit: '100' }, other)).not.toContain(id);
    await submit(TYPE, { ...input, csv: 'sku,quantity\nX,1\n' }, id, { as: other });
    expect(await waitForOutcome(TYPE, id, 30, other)).toMatchObject({ result: { accepted: 1, rejected: 0 } });
    expect((await getJob(TYPE, id)).body).toMatchObject({ result: csvImport.example.result });
  });

  it('a tenant gets the same answer for the id of another tenant’s job as for an unknown id', async () => {
    const [id = ''] = await settled(1);
    const [theirs, nobodys] = [await getJob(TYPE, id, other), await getJob(TYPE, 'of-nobody', other)];
    const withoutId = ({ detail }: { detail?: string }) => detail?.replace(id, '').replace('of-nobody', '');
    expect([theirs.status, withoutId(theirs.body as never)]).toEqual([
      nobodys.status,
      withoutId(nobodys.body as never),
    ]);
  });

  it('a tenant that uses the cursor of another tenant gets its own jobs', async () => {
    const theirs = await settled(3);
    const [mine = ''] = await settled(1, other);
    const { cursor = '' } = (await listJobs(TYPE, { limit: '1' })).body;
    const ids = await idsOf({ cursor, limit: '100' }, other);
    expect(ids).not.toEqual(expect.arrayContaining([theirs[0]]));
    expect(ids.filter((id) => theirs.includes(id))).toEqual([]);
    expect(await idsOf({ limit: '100' }, other)).toContain(mine);
  });
});

describe('lists', () => {
  it('a list shows every job once, newest first, over all its pages', async () => {
    const ids = await settled(25, other);
    const seen: { jobId: string; acceptedAt: string }[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await listJobs(TYPE, { limit: '7', ...(cursor && { cursor }) }, other);
      seen.push(...body.jobs);
      cursor = body.cursor;
    } while (cursor);
    expect(new Set(seen.map(({ jobId }) => jobId)).size).toBe(seen.length);
    expect(seen.map(({ jobId }) => jobId)).toEqual(expect.arrayContaining(ids));
    const times = seen.map(({ acceptedAt }) => acceptedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('a list filters by status, and takes a cursor from the same list without the filter', async () => {
    await settled(2);
    const failed = randomUUID();
    await submit(TYPE, { ...input, csv: 'no,such,columns\n' }, failed);
    await waitForOutcome(TYPE, failed);
    const { body } = await listJobs(TYPE, { status: 'FAILED', limit: '100' });
    expect(body.jobs.map(({ jobId }) => jobId)).toContain(failed);
    expect(body.jobs.every(({ status }) => status === 'FAILED')).toBe(true);
    const { cursor = '' } = (await listJobs(TYPE, { limit: '1' })).body;
    const { status, body: rest } = await listJobs(TYPE, { cursor, status: 'SUCCEEDED', limit: '1' });
    expect([status, rest.jobs.map((job) => job.status)]).toEqual([200, ['SUCCEEDED']]);
  });

  it('a list takes a cursor from the list of another job type', async () => {
    await settled(2);
    const { cursor = '' } = (await listJobs(TYPE, { limit: '1' })).body;
    expect((await listJobs('webhook-delivery', { cursor })).status).toBe(200);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1e1.5', 'limit'],
    ['status=DONE', 'status'],
    ['status=', 'status'],
    ['cursor=none-of-ours', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=20260101T000000000Z-', 'cursor'],
    ['page=2', 'page'],
    ['tenant=other', 'tenant'],
  ])('a list with %s gets 400, and the answer names the parameter', async (query, name) => {
    const { status, headers, body } = await request(`/jobs/${TYPE}?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toMatch(new RegExp(`^${name}: `));
  });
});

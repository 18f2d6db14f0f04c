import { randomUUID } from 'node:crypto';
import { createToken } from '@spillway/e2e/callers.ts';
import { getJob, listJobs, one, other, request, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { whileRefused } from '@spillway/e2e/refusals.ts';
import type { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_BYTES } from '@spillway/shared/contracts/batch-size.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';

const PATH = '/jobs/csv-import/batch';
const { input } = csvImport.example;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const send = (jobs: unknown, difference: Parameters<typeof request>[1] = {}, path = PATH) =>
  request<BatchAccepted>(path, { method: 'POST', body: JSON.stringify({ jobs }), ...difference });

const idsOf = ({ jobs }: BatchAccepted) => jobs.map((job) => ('jobId' in job ? job.jobId : undefined));

describe('POST /jobs/{type}/batch', () => {
  it('a batch of 1,000 jobs is accepted with an entry per job in order, and every job runs', async () => {
    const ids = Array.from({ length: 1000 }, () => randomUUID());
    const { status, body } = await send(ids.map((id) => ({ id, input })));
    expect([status, idsOf(body)]).toEqual([202, ids]);
    for (const id of ids) expect((await waitForOutcome('csv-import', id, 60)).status).toBe('SUCCEEDED');
  });

  it('a job of a batch without an id gets one, and can be polled by its link', async () => {
    const { body } = await send([{ input }], { headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } });
    const [job] = body.jobs;
    if (!job || !('jobId' in job)) throw new Error('the job was not accepted');
    const self = job.links.self.replace(/^\/local/, '');
    expect((await request(self)).body).toMatchObject({ jobId: job.jobId });
    expect(await waitForOutcome('csv-import', job.jobId)).toMatchObject({
      result: csvImport.example.result,
      traceId: TRACE,
    });
  });

  it('one bad entry gets a problem in its place, and the others are accepted and run', async () => {
    const [first, last] = [randomUUID(), randomUUID()];
    const { status, body } = await send([{ id: first, input }, { input: { csv: 1 } }, { id: last, input }]);
    expect([status, idsOf(body)]).toEqual([202, [first, undefined, last]]);
    expect(body.jobs[1]).toEqual({
      problem: {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: expect.stringContaining('csv: '),
        instance: expect.stringMatching(/^urn:uuid:/),
      },
    });
    for (const id of [first, last]) expect((await waitForOutcome('csv-import', id)).status).toBe('SUCCEEDED');
  });

  it('an entry that the lane refuses for now is sent again, and one that it keeps refusing gets a problem in its place', async () => {
    const [busy, refused, fine] = [randomUUID(), randomUUID(), randomUUID()];
    const jobs = [busy, refused, fine].map((id) => ({ id, input: { ...input, csv: `sku,quantity\nbatch-${id},1\n` } }));
    const sending = () => whileRefused(`batch-${refused}`, () => send(jobs));
    const { status, body } = await whileRefused(`batch-${busy}`, sending, 2);
    expect([status, idsOf(body)]).toEqual([202, [busy, undefined, fine]]);
    expect(body.jobs[1]).toEqual({
      problem: {
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: expect.stringContaining('did not confirm'),
        instance: expect.stringMatching(/^urn:uuid:/),
      },
    });
    for (const id of [busy, fine]) expect((await waitForOutcome('csv-import', id)).status).toBe('SUCCEEDED');
    expect((await getJob('csv-import', refused)).status).toBe(404);
  });

  it('the same id in a batch and in a single submit is the same job', async () => {
    const id = randomUUID();
    expect((await submit('csv-import', input, id)).status).toBe(202);
    const { body } = await send([
      { id, input },
      { id, input },
    ]);
    expect(idsOf(body)).toEqual([id, id]);
    expect((await waitForOutcome('csv-import', id)).attempts).toBe(1);
    const { body: list } = await listJobs('csv-import', { limit: '100' });
    expect(list.jobs.filter(({ jobId }) => jobId === id)).toHaveLength(1);
  });

  it('the jobs of a batch belong to the tenant who sent it', async () => {
    const id = randomUUID();
    await send([{ id, input }], { as: other });
    expect((await waitForOutcome('csv-import', id, 30, other)).status).toBe('SUCCEEDED');
    expect((await getJob('csv-import', id, one)).status).toBe(404);
  });

  it('the jobs of a batch on an ordered lane run in the order of the batch', async () => {
    const ids = Array.from({ length: 25 }, () => randomUUID());
    const key = `batch-${randomUUID()}`;
    const jobs = ids.map((id) => ({ id, input: { key, behave: 'succeed' } }));
    const { status } = await send(jobs, {}, '/jobs/misbehaving-ordered/batch');
    expect(status).toBe(202);
    const settledAt: string[] = [];
    for (const id of ids) settledAt.push((await waitForOutcome('misbehaving-ordered', id)).settledAt ?? '');
    expect(settledAt).toEqual([...settledAt].sort());
  });

  it.each(activeJobTypes().map(({ name, example }) => [name, example] as const))(
    'a batch of %s is checked by its contract',
    async (name, example) => {
      const id = randomUUID();
      const { status, body } = await send([{ id, input: example.input }, { input: 1 }], {}, `/jobs/${name}/batch`);
      expect([status, idsOf(body)]).toEqual([202, [id, undefined]]);
    },
  );

  it.each([
    ['an empty batch', '{"jobs":[]}', 400, 'jobs is empty'],
    ['1,001 entries', JSON.stringify({ jobs: new Array(1001).fill({ input: 1 }) }), 400, 'at most 1000'],
    ['a body that is not JSON', '{"jobs":', 400, 'not JSON'],
    ['a batch over 5 MiB', JSON.stringify({ jobs: [{ input }] }).padEnd(MOST_BATCH_BYTES + 1), 413, 'several smaller'],
    ['a batch over the 10 MB of API Gateway', ' '.repeat(10 * 1024 * 1024 + 1), 413, 'a batch up to 5242880'],
    ['a batch of which nothing is accepted', '{"jobs":[{"input":1},{}]}', 400, 'None of the 2 jobs'],
  ])('%s is refused with a reason, and nothing is accepted', async (_, body, status, reason) => {
    const answer = await request(PATH, { method: 'POST', body });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(answer.body.detail).toContain(reason);
  });

  it('a batch needs the scope for submitting, JSON, and the method POST', async () => {
    const authorization = `Bearer ${await createToken({ scopes: ['jobs/read'] })}`;
    expect((await send([{ input }], { headers: { authorization } })).status).toBe(401);
    expect((await send([{ input }], { headers: { 'content-type': 'text/csv' } })).status).toBe(415);
    const wrong = await request(PATH, { method: 'DELETE' });
    expect(wrong.status).toBe(405);
  });
});

import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import type { Client } from './index.ts';
import { doorForTests } from './testing/door-server.ts';

const { input } = csvImport.example;
const QUEUED = { jobId: 'j', status: 'QUEUED', links: { self: '/local/jobs/csv-import/j?acceptedAt=7' } };
const door = doorForTests();
let jobs: Client['jobs'];
beforeAll(() => {
  jobs = door.client().jobs;
});

describe('a submit of the client', () => {
  it('sends the same key again after a lost answer and a busy front door, so that it stays one job', async () => {
    door.answers(
      (_, n) =>
        [{ drop: true as const }, { status: 503, headers: { 'retry-after': '0' } }, { status: 202, body: QUEUED }][
          n - 1
        ] ?? {},
    );
    expect(await jobs.csvImport.submit(input)).toEqual(QUEUED);
    expect(door.received.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(3).fill('POST /jobs/csv-import'));
    const keys = door.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
    expect(new Set(keys).size).toBe(1);
  });

  it('uses PUT for a job id of its caller, and sends times as dates, seconds or text', async () => {
    door.answers(() => ({ status: 202, body: QUEUED }));
    const runAfter = new Date('2026-12-24T18:00:00Z');
    await jobs.csvImport.submit(input, { jobId: 'my-1', runAfter, expiresAfter: '2026-12-25T00:00:00Z' });
    await jobs.csvImport.submit(input, { runAfter: 90 });
    const [put, post] = door.received;
    expect([put?.method, put?.url, put?.body]).toEqual([
      'PUT',
      '/jobs/csv-import/my-1?runAfter=2026-12-24T18%3A00%3A00.000Z&expiresAfter=2026-12-25T00%3A00%3A00Z',
      JSON.stringify(input),
    ]);
    expect(post?.url).toBe('/jobs/csv-import?runAfter=90');
  });

  it('is not repeated after a refusal, and fails with its code, status, problem document and advice', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'csv: missing.',
      instance: 'urn:x',
    };
    door.answers(() => ({ status: 400, body: problem }));
    await expect(jobs.csvImport.submit(input)).rejects.toMatchObject({
      name: 'ClientError',
      code: 'BAD_REQUEST',
      status: 400,
      problem,
      message: 'The job was refused (400). csv: missing.',
    });
    expect(door.received).toHaveLength(1);
  });

  it('gives up after some tries with the last answer, and at once if the front door asks for more than a minute', async () => {
    door.answers(() => ({ status: 503 }));
    await expect(jobs.csvImport.submit(input, { tries: 2 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The job was refused (503). Try again later.',
    });
    expect(door.received).toHaveLength(2);
    door.answers(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    await expect(jobs.csvImport.submit(input)).rejects.toMatchObject({ code: 'BUSY' });
    expect(door.received).toHaveLength(1);
  });

  it('ends with the reason of its signal, also while it waits for the next try', async () => {
    door.answers(() => ({ status: 503, headers: { 'retry-after': '30' } }));
    const signal = AbortSignal.timeout(200);
    await expect(jobs.csvImport.submit(input, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a cancellation by the client', () => {
  const settled = (status: string) => ({ jobId: 'j', status, settledAt: '2026-11-27T00:00:00Z' });

  it('counts a job that an earlier try has cancelled as cancelled', async () => {
    door.answers(({ method }, n) => {
      if (n === 1) return { drop: true };
      return method === 'DELETE' ? { status: 409, body: { detail: 'Settled.' } } : { body: settled('CANCELLED') };
    });
    expect(await jobs.csvImport.cancel(QUEUED)).toMatchObject({ status: 'CANCELLED' });
    expect(door.received.map(({ method }) => method)).toEqual(['DELETE', 'DELETE', 'GET']);
    expect(new Set(door.received.map(({ url }) => url))).toEqual(new Set(['/jobs/csv-import/j?acceptedAt=7']));
  });

  it('fails for a job that has another outcome', async () => {
    door.answers(({ method }) =>
      method === 'DELETE' ? { status: 409, body: { detail: 'Settled.' } } : { body: settled('SUCCEEDED') },
    );
    await expect(jobs.csvImport.cancel('j')).rejects.toMatchObject({ code: 'CONFLICT', status: 409 });
  });
});

describe('a move by the client', () => {
  it('sends a date, a text or seconds, again while the front door is busy', async () => {
    const moved = { jobId: 'j', status: 'SCHEDULED', runAfter: '2026-12-24T18:00:00.000Z' };
    door.answers((_, n) => (n === 1 ? { status: 503, headers: { 'retry-after': '0' } } : { body: moved }));
    expect(await jobs.csvImport.move(QUEUED, new Date('2026-12-24T18:00:00Z'))).toEqual(moved);
    await jobs.csvImport.move('j', 60);
    expect(door.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ...Array(2).fill(['PATCH', '/jobs/csv-import/j', '{"runAfter":"2026-12-24T18:00:00.000Z"}']),
      ['PATCH', '/jobs/csv-import/j', '{"runAfter":"60"}'],
    ]);
  });
});

describe('a decision by the client', () => {
  const at = '2026-11-27T00:00:00.000Z';
  const refused = (members: object) => ({ status: 409, body: { detail: 'Somebody has already decided.', ...members } });

  it('is sent with its comment', async () => {
    door.answers(() => ({ status: 202, body: { jobId: 'd', decision: 'approve' } }));
    const decided = await jobs.documentApproval.decide('d', 'approve', { comment: 'Good to go.' });
    expect(decided).toEqual({ jobId: 'd', decision: 'approve' });
    expect(door.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/jobs/document-approval/d/decision', '{"decision":"approve","comment":"Good to go."}'],
    ]);
  });

  it.each([
    ['the answer to an earlier try was lost', 2],
    ['an earlier call sent it', 1],
  ])('counts if the front door says that it was recorded before, because %s', async (_, last) => {
    const recorded = { decision: 'reject', at };
    door.answers((_request, n) => (n < last ? { drop: true } : refused({ repeated: true, recorded })));
    const decided = await jobs.documentApproval.decide('d', 'reject');
    expect(decided).toEqual({ jobId: 'd', decision: 'reject', recordedAt: at });
    expect(door.received).toHaveLength(last);
  });

  it.each([
    ['another one was recorded', { recorded: { decision: 'reject', at } }],
    ['the job does not wait', {}],
  ])('fails if %s', async (_, members) => {
    door.answers(() => refused(members));
    await expect(jobs.documentApproval.decide('d', 'approve')).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('the reads of the client', () => {
  it('read a job by the link of its submit, so that it is found before a consumer has seen it', async () => {
    door.answers(() => ({ body: { jobId: 'j', status: 'QUEUED' } }));
    await jobs.csvImport.get(QUEUED);
    await jobs.csvImport.get('a b');
    expect(door.received.map(({ url }) => url)).toEqual(['/jobs/csv-import/j?acceptedAt=7', '/jobs/csv-import/a%20b']);
  });

  it('list all jobs over their pages, as far as they are asked for', async () => {
    door.answers(({ url }) =>
      url.includes('cursor=c')
        ? { body: { jobs: [{ jobId: '2' }] } }
        : { body: { jobs: [{ jobId: '1' }], cursor: 'c' } },
    );
    const seen: string[] = [];
    for await (const { jobId } of jobs.orderFulfilment.list({ where: { orderId: 'a b' }, status: 'FAILED' }))
      seen.push(jobId);
    expect(seen).toEqual(['1', '2']);
    const query = '/jobs/order-fulfilment?orderId=a+b&status=FAILED';
    expect(door.received.map(({ url }) => url)).toEqual([`${query}&limit=100`, `${query}&cursor=c&limit=100`]);
    door.received.length = 0;
    for await (const _ of jobs.csvImport.list()) break;
    expect(door.received).toHaveLength(1);
  });
});

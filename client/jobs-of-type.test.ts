import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { createClient, type Job } from './index.ts';
import { retryAfterMs } from './patience.ts';
import { doorServer } from './testing/door-server.ts';
import { waitFor } from './wait-for.ts';

const { input } = csvImport.example;
const QUEUED = { jobId: 'j', status: 'QUEUED', links: { self: '/local/jobs/csv-import/j?acceptedAt=7' } };
let door: Awaited<ReturnType<typeof doorServer>>;
let jobs: ReturnType<typeof createClient>['jobs'];

beforeAll(async () => {
  door = await doorServer();
  jobs = createClient({ apiUrl: door.url, token: 'token', apiKey: 'key' }).jobs;
});
afterAll(() => door.close());

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

describe('a batch of the client', () => {
  const accepted = (body: string) => ({
    status: 202,
    body: { jobs: JSON.parse(body).jobs.map(({ id }: { id: string }) => ({ ...QUEUED, jobId: id })) },
  });

  it('splits 2,500 jobs into batches of at most 1,000, and reports what became of each in order', async () => {
    door.answers(({ body }) => accepted(body));
    const ids = Array.from({ length: 2500 }, (_, n) => `job-${n}`);
    const outcomes = await jobs.csvImport.batch(ids.map((id) => ({ id, input })));
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(ids);
    expect(door.received.map(({ body }) => JSON.parse(body).jobs.length).sort()).toEqual([1000, 1000, 500]);
  });

  it('keeps each batch below 5 MB', async () => {
    door.answers(({ body }) => accepted(body));
    const csv = 'x'.repeat(200_000);
    async function* entries() {
      for (let n = 0; n < 40; n += 1) yield { input: { ...input, csv } };
    }
    expect(await jobs.csvImport.batch(entries())).toHaveLength(40);
    for (const { body } of door.received) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(door.received.length).toBe(2);
  });

  it('reports the refusal of a whole batch for each of its jobs, and keeps what other batches did', async () => {
    door.answers(({ body }) =>
      JSON.parse(body).jobs.length < 1000 ? { status: 400, body: { status: 400, detail: 'Nothing.' } } : accepted(body),
    );
    const outcomes = await jobs.csvImport.batch(Array.from({ length: 1001 }, () => ({ input })));
    expect(outcomes.filter((outcome) => 'problem' in outcome)).toEqual([
      { jobId: expect.any(String), problem: { status: 400, detail: 'Nothing.' } },
    ]);
    expect(outcomes.at(-1)).toMatchObject({ problem: { detail: 'Nothing.' } });
  });

  it('sends the batches of an ordered lane one after the other, and nothing that would overtake a job that was not sent', async () => {
    const posting = ledgerPosting.example.input;
    const entries = Array.from({ length: 3000 }, (_, n) => ({ id: `posting-${n}`, input: posting }));
    door.answers(({ body }, n) => (n === 2 ? { status: 503 } : accepted(body)));
    const outcomes = await jobs.ledgerPosting.batch(entries, { tries: 1 });
    const firsts = door.received.map(({ body }) => JSON.parse(body).jobs[0].id);
    expect(firsts).toEqual(['posting-0', 'posting-1000']);
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(entries.map(({ id }) => id));
    expect(outcomes[999]).not.toHaveProperty('problem');
    expect(outcomes[1000]).toMatchObject({ problem: { status: 503 } });
    expect(outcomes[2000]).toMatchObject({ problem: { title: 'NOT_SENT' } });
  });

  it('goes on in an ordered lane behind a job whose input is refused', async () => {
    door.answers(({ body }, n) => {
      if (n > 1) return accepted(body);
      const { jobs: all } = accepted(body).body;
      return { status: 202, body: { jobs: [{ problem: { status: 400, detail: 'No.' } }, ...all.slice(1)] } };
    });
    const outcomes = await jobs.ledgerPosting.batch(
      Array.from({ length: 1001 }, () => ({ input: ledgerPosting.example.input })),
    );
    expect(outcomes.filter((outcome) => 'problem' in outcome)).toHaveLength(1);
  });

  it('sends nothing for no jobs', async () => {
    door.answers(() => ({}));
    expect(await jobs.csvImport.batch([])).toEqual([]);
    expect(door.received).toEqual([]);
  });
});

describe('a cancelling by the client', () => {
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
  const late = (recorded: object) => ({ status: 409, body: { detail: 'Somebody has already decided.', recorded } });

  it('is sent with its comment', async () => {
    door.answers(() => ({ status: 202, body: { jobId: 'd', decision: 'approve' } }));
    const decided = await jobs.documentApproval.decide('d', 'approve', { comment: 'Good to go.' });
    expect(decided).toEqual({ jobId: 'd', decision: 'approve' });
    expect(door.received.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/jobs/document-approval/d/decision', '{"decision":"approve","comment":"Good to go."}'],
    ]);
  });

  it('counts if it was recorded although its answer was lost', async () => {
    door.answers((_, n) => (n === 1 ? { drop: true } : late({ decision: 'reject', at: '2026-11-27T00:00:00Z' })));
    expect(await jobs.documentApproval.decide('d', 'reject')).toEqual({ jobId: 'd', decision: 'reject' });
    expect(door.received).toHaveLength(2);
  });

  it.each([
    ['was made before', 1, { decision: 'approve' }],
    ['is another one', 2, { decision: 'reject' }],
    ['has another comment', 2, { decision: 'approve', comment: 'No.' }],
  ])('fails if the recorded decision %s', async (_, last, recorded) => {
    door.answers((_request, n) => (n < last ? { drop: true } : late(recorded)));
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

  it('wait until a job has its outcome', async () => {
    const states = [
      { status: 'QUEUED' },
      { status: 'WAITING' },
      { status: 'FAILED', settledAt: '2026-11-27T00:00:00Z' },
    ];
    door.answers((_, n) => ({ body: { jobId: 'j', ...states[Math.min(n, 3) - 1] } }));
    expect(await jobs.csvImport.waitFor('j')).toMatchObject({ status: 'FAILED' });
    expect(door.received).toHaveLength(3);
    door.answers((_, n) => ({ body: { jobId: 'j', ...states[Math.min(n, 3) - 1] } }));
    const waiting = await jobs.csvImport.waitFor('j', { until: ({ status }) => status === 'WAITING' });
    expect(waiting).toMatchObject({ status: 'WAITING' });
  });

  it('stop waiting for a job in time, and say how it was last seen', async () => {
    door.answers(() => ({ body: { jobId: 'j', status: 'RUNNING' } }));
    await expect(jobs.csvImport.waitFor('j', { withinSeconds: 1 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: 'After 1 s, job j is RUNNING. Wait longer, or look again later.',
    });
    expect(door.received.length).toBeLessThan(6);
  });

  it('do not ask for a scheduled job before its time', async () => {
    const runAfter = new Date(Date.now() + 60_000).toISOString();
    door.answers(() => ({ body: { jobId: 'j', status: 'SCHEDULED', runAfter } }));
    await expect(jobs.csvImport.waitFor('j', { withinSeconds: 1 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(door.received).toHaveLength(1);
  });

  it('look at a scheduled job each minute, because it may have been moved', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const states = [
        { status: 'SCHEDULED', runAfter: new Date(Date.now() + 3_600_000).toISOString() },
        { status: 'SUCCEEDED', settledAt: new Date().toISOString() },
      ];
      const looks: number[] = [];
      const look = async () => {
        looks.push(Date.now());
        return { jobId: 'j', ...(states[looks.length - 1] ?? {}) } as Job<unknown>;
      };
      const waited = waitFor(look, { withinSeconds: 7200 });
      await jest.advanceTimersByTimeAsync(61_000);
      expect(await waited).toMatchObject({ status: 'SUCCEEDED' });
      expect(looks).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('fail for a job that there is not', async () => {
    door.answers(() => ({ status: 404, body: { detail: 'There is no such job.' } }));
    await expect(jobs.csvImport.waitFor('j')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });
});

it.each([
  [null, 0],
  ['3', 3000],
  ['Fri, 27 Nov 2026 00:00:10 GMT', 10_000],
  ['Fri, 27 Nov 2020 00:00:10 GMT', 0],
  ['soon', 0],
])('reads the Retry-After "%s" as %d ms', (text, ms) => {
  expect(retryAfterMs(text, Date.parse('2026-11-27T00:00:00Z'))).toBe(ms);
});

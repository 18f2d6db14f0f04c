import type { JobRow } from '@spillway/shared/job-store/row.ts';
import { getJob } from './get-job.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_ANSWER_BYTES = 6 * 1024 * 1024;
const row = {
  tenant: 't',
  type: 'csv-import',
  jobId: 'j',
  status: 'SUCCEEDED',
  attempt: 2,
  revision: 4,
  acceptedAt: '2026-11-23T11:00:00.000Z',
  settledAt: '2026-11-23T11:00:09.000Z',
  history: ['RUNNING', 'QUEUED', 'RUNNING', 'SUCCEEDED'].map((status, n) => ({
    status,
    at: `2026-11-23T11:00:0${n}.000Z`,
  })),
  traceId: 'a'.repeat(32),
  result: { key: 'results/j.json', bytes: 40_000 },
} as JobRow;

const get = (found: JobRow | undefined, acceptedAt?: string | number, objects: Record<string, string> = {}) =>
  getJob(
    {
      tenant: 't',
      type: 'csv-import',
      jobId: 'j',
      acceptedAt: acceptedAt === undefined ? undefined : String(acceptedAt),
      path: '/dev/jobs/csv-import/j',
    },
    {
      reads: { get: async () => found },
      payloads: { get: async (key) => objects[key], link: async (key) => `https://bucket/${key}` },
      now: () => NOW,
    },
  );

describe('the function api-get-job', () => {
  it('shows each state of a job with its attempt, and fetches a result that is stored in the payload bucket', async () => {
    const job = await get(row, undefined, { 'results/j.json': '{"rows":1}' });
    expect(job.result).toEqual({ rows: 1 });
    expect(job.history.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
      'QUEUED 0',
      'RUNNING 1',
      'QUEUED 1',
      'RUNNING 2',
      'SUCCEEDED 2',
    ]);
  });

  it('shows which new job a failed job was replayed as, and of which job a new one is a replay', async () => {
    const { result: _, ...failed } = { ...row, status: 'FAILED' as const };
    expect(await get({ ...failed, replayedAs: 'new-1' })).toMatchObject({ status: 'FAILED', replayedAs: 'new-1' });
    expect(await get({ ...failed, replayOf: 'old-1' })).toMatchObject({ replayOf: 'old-1' });
  });

  it('shows a replayed job with its generation, its earlier failures, and attempts that start again', async () => {
    const failure = {
      generation: 1,
      attempts: 2,
      error: { code: 'DOWN', message: 'down' },
      failedAt: row.settledAt ?? '',
      replayedAt: '2026-11-23T11:00:20.000Z',
    };
    const statuses = ['RUNNING', 'QUEUED', 'RUNNING', 'FAILED', 'QUEUED', 'RUNNING'] as const;
    const history = statuses.map((status, n) => ({ status, at: `2026-11-23T11:00:0${n}.000Z` }));
    const { settledAt, result, ...rest } = row;
    const replayed = {
      ...rest,
      status: 'RUNNING',
      attempt: 3,
      attemptsBefore: 2,
      generation: 2,
      history,
      failures: [{ ...failure, archiveKey: 'failed/j.json' }],
    } as JobRow;
    const job = await get(replayed);
    expect(job).toMatchObject({ status: 'RUNNING', generation: 2, attempts: 1 });
    expect(job.failures).toEqual([failure]);
    expect(job.history.slice(-3).map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
      'FAILED 2',
      'QUEUED 0',
      'RUNNING 1',
    ]);
  });

  it('shows a file of a result as a link, but only a file of the same job', async () => {
    const result = {
      mine: 'payload:results/t/csv-import/j/2/rows.jsonl',
      other: 'payload:results/other/csv-import/j/1/rows.jsonl',
      climbing: 'payload:results/t/csv-import/j/../../../other/csv-import/j/1/rows.jsonl',
      text: 'payload:',
    };
    const job = await get({ ...row, result: { json: JSON.stringify(result) } });
    expect(job.result).toEqual({ ...result, mine: 'https://bucket/results/t/csv-import/j/2/rows.jsonl' });
    expect((await get({ ...row, result: { json: '[1]' } })).result).toEqual([1]);
  });

  it('links to a result that is too long for an answer, and shows the longest one that is not', async () => {
    const long = await get({ ...row, result: { key: 'results/j.json', bytes: 2_500_001 } });
    expect(long).not.toHaveProperty('result');
    expect(long.links).toEqual({ self: '/dev/jobs/csv-import/j', result: 'https://bucket/results/j.json' });
    const quotes = JSON.stringify('"'.repeat(2_500_000 / 2 - 1));
    const shown = await get({ ...row, result: { key: 'results/j.json', bytes: 2_500_000 } }, undefined, {
      'results/j.json': quotes,
    });
    expect(shown).toHaveProperty('result');
    // as Lambda hands it over: JSON in JSON
    expect(JSON.stringify({ statusCode: 200, body: JSON.stringify(shown) }).length).toBeLessThan(LAMBDA_ANSWER_BYTES);
  });

  it('finds a job whose id arrives encoded, and looks up an id that cannot be decoded as it is', async () => {
    const asked: string[] = [];
    const ask = (jobId: string) =>
      getJob(
        { tenant: 't', type: 'csv-import', jobId, acceptedAt: undefined, path: '/' },
        {
          reads: { get: async ({ id }) => void asked.push(id) as undefined },
          payloads: { get: async () => undefined, link: async () => '' },
          now: () => NOW,
        },
      );
    for (const id of ['j', 'a%20b', '100%']) await expect(ask(id)).rejects.toMatchObject({ code: 'unknownJob' });
    expect(asked).toEqual(['j', 'a%20b', 'a b', '100%']);
  });

  it('shows a job that no consumer has seen as QUEUED and unconfirmed for as long as its lane keeps it', async () => {
    expect(await get(undefined, NOW.getTime() - 1)).toMatchObject({ status: 'QUEUED', confirmed: false, attempts: 0 });
    expect(await get(undefined, NOW.getTime() - 26 * DAY_MS)).toMatchObject({ status: 'QUEUED' });
    await expect(get(undefined, NOW.getTime() - 28 * DAY_MS)).rejects.toMatchObject({
      code: 'forgottenJob',
      message: expect.stringContaining('27 days'),
    });
  });

  it('refuses an unknown job without acceptedAt, and says which address to poll', async () => {
    await expect(get(undefined)).rejects.toMatchObject({
      code: 'unknownJob',
      message: expect.stringContaining('Location'),
    });
  });

  it('does not know a job whose acceptedAt is in the future, which no Location has', async () => {
    await expect(get(undefined, NOW.getTime() + 10 * 60_000)).rejects.toMatchObject({ code: 'unknownJob' });
    expect(await get(undefined, NOW.getTime() + 10_000)).toMatchObject({ status: 'QUEUED' });
  });

  it.each(['', 'soon', '-1', '0', '1e3', '9'.repeat(16), '9'.repeat(30)])(
    'refuses the acceptedAt %j',
    async (acceptedAt) => {
      await expect(get(row, acceptedAt)).rejects.toMatchObject({
        code: 'badParameter',
        message: expect.stringMatching(/^acceptedAt: /),
      });
    },
  );
});

import type { NewMessage } from '@spillway/shared/runtime/lane/send-all.ts';
import { createReplay } from './create-replay.ts';

const TYPES = ['csv-import', 'webhook-delivery'];
const NOW = new Date('2026-11-27T12:00:00Z');

async function ask(body: unknown) {
  const sent: NewMessage[] = [];
  const counted: unknown[] = [];
  const answer = await createReplay(
    typeof body === 'string' ? body : JSON.stringify(body),
    TYPES,
    { requestId: 'r', path: '/dev/admin/replays' },
    {
      reads: {
        count: async (types, filter) => {
          counted.push([types, filter]);
          return { matched: 7, complete: false };
        },
      },
      send: async (message) => void sent.push(message),
      now: () => NOW,
    },
  );
  return { answer, sent, counted };
}

describe('the function api-create-replay', () => {
  it('counts only what was not replayed yet, and says when there is more than it could count', async () => {
    const { answer, sent, counted } = await ask({ filter: { code: 'DOWN' }, dryRun: true });
    expect([answer, sent]).toEqual([{ matched: 7, more: true }, []]);
    expect(counted).toEqual([[TYPES, { code: 'DOWN', replayed: false }]]);
  });

  it('submits a job of the administrators’ own tenant, at a careful rate unless the operator names one', async () => {
    const { answer, sent } = await ask({ filter: { type: 'csv-import', tenant: 't' } });
    const [{ body = '', attributes = {} } = {}] = sent;
    expect(JSON.parse(body)).toEqual({ filter: { tenant: 't' }, types: ['csv-import'], ratePerSecond: 20 });
    expect(attributes).toMatchObject({ tenant: '-admin', acceptedAt: String(NOW.getTime()) });
    expect(answer).toMatchObject({
      status: 202,
      body: { jobId: attributes.jobId, status: 'QUEUED' },
      headers: { location: `/dev/admin/replays/${attributes.jobId}?acceptedAt=${NOW.getTime()}` },
    });
  });

  it('passes on that each failure is to become a new job', async () => {
    const { sent } = await ask({ filter: { type: 'csv-import' }, asNewJob: true });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ asNewJob: true });
  });

  const [BEFORE, AFTER] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'];

  it.each<[string, unknown, string]>([
    ['an empty filter', { filter: {} }, 'filter: is empty'],
    ['a filter that names only replayed', { filter: { replayed: false } }, 'filter: is empty'],
    ['what was replayed before', { filter: { type: 'csv-import', replayed: true } }, 'filter.replayed'],
    ['an unknown field in its filter', { filter: { status: 'FAILED' } }, 'status'],
    ['an impossible time', { filter: { from: 'yesterday' } }, 'filter.from'],
    ['a time that ends before it begins', { filter: { from: AFTER, to: BEFORE } }, 'filter.from: must be before'],
    ['1,001 jobs', { jobs: Array(1001).fill({ tenant: 't', type: 'csv-import', jobId: 'j' }) }, 'jobs'],
    ['a rate of 201', { filter: { code: 'X' }, ratePerSecond: 201 }, 'ratePerSecond'],
    ['a job of an unknown type', { jobs: [{ tenant: 't', type: 'nothing', jobId: 'j' }] }, 'no job type "nothing"'],
    ['a filter and jobs', { filter: { code: 'X' }, jobs: [{ tenant: 't', type: 'csv-import', jobId: 'j' }] }, 'either'],
    ['a body that is not JSON', '{', 'not JSON'],
  ])('refuses a replay of %s, and says why', async (_, body, reason) => {
    await expect(ask(body)).rejects.toThrow(reason);
  });
});

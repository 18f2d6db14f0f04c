import type { MoveAnswer } from '@spillway/shared/job-store/due-writes.ts';
import type { JobRow } from '@spillway/shared/job-store/row.ts';
import { moveJob } from './move-job.ts';

const NOW = new Date('2026-11-27T02:00:00.000Z');
const row = {
  jobId: 'job-1',
  type: 'csv-import',
  status: 'SCHEDULED',
  history: [] as object[],
  acceptedAt: NOW.toISOString(),
} as JobRow;

/** Moves a job in a store that answers as given. @returns the times that were written and referred to */
async function move(body: string, answer: MoveAnswer = { kind: 'moved', soon: undefined, row }) {
  const written: Date[] = [];
  const referred: Date[] = [];
  await moveJob(
    { tenant: 'tenant-1', type: 'csv-import', jobId: 'job-1', path: '/dev/jobs/csv-import/job-1', body },
    {
      store: {
        move: async (_, runAfter) => {
          written.push(runAfter);
          return answer;
        },
      },
      due: { send: async (_, at) => void referred.push(at) },
      now: () => NOW,
    },
  );
  return { written, referred };
}

describe('moving a job', () => {
  it.each([
    ['{"runAfter": 60}', '2026-11-27T02:01:00.000Z'],
    ['{"runAfter": "60"}', '2026-11-27T02:01:00.000Z'],
    ['{"runAfter": "2026-12-24T18:00:00+01:00"}', '2026-12-24T17:00:00.000Z'],
    ['{"runAfter": "2001-01-01T00:00:00Z"}', NOW.toISOString()],
  ])('%s moves a job to %s', async (body, time) => {
    expect((await move(body)).written).toEqual([new Date(time)]);
  });

  it('a job that was moved to a time before the next tick is referred to at once', async () => {
    const at = new Date('2026-11-27T02:00:10.000Z');
    const soon = { reference: { pk: 'pk', dueSort: 'place' }, at };
    expect((await move('{"runAfter": 10}', { kind: 'moved', soon, row })).referred).toEqual([at]);
  });

  it.each([
    '{"runAfter": "tomorrow"}',
    '{"runAfter": -1}',
    '{"runAfter": 1.5}',
    '{"runAfter": 1e9}',
    '{}',
    '[]',
    '{"runAfter": 1, "x": 2}',
  ])('the body %s is refused with what to send', async (body) => {
    await expect(move(body)).rejects.toMatchObject({ code: 'badMove' });
  });

  it('a body that is not JSON is refused', async () => {
    await expect(move('runAfter=60')).rejects.toMatchObject({ code: 'notJson' });
  });

  it.each([
    ['unknownJob', { kind: 'unknown' }],
    ['notScheduled', { kind: 'not-scheduled', status: 'RUNNING' }],
    ['badMove', { kind: 'expires-before', startBy: NOW.toISOString() }],
    ['badMove', { kind: 'too-late', latest: NOW }],
  ] as [string, MoveAnswer][])('the problem %s says why a job cannot be moved', async (code, answer) => {
    await expect(move('{"runAfter": 60}', answer)).rejects.toMatchObject({ code });
  });
});

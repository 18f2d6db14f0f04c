import type { CancelAnswer, Unseen } from '@spillway/shared/job-store/cancels.ts';
import type { JobRow } from '@spillway/shared/job-store/row.ts';
import { cancelJob } from './cancel-job.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const DAY_MS = 86_400_000;
const row = {
  tenant: 't',
  type: 'csv-import',
  jobId: 'j',
  status: 'CANCELLED',
  attempt: 1,
  acceptedAt: '2026-11-27T11:00:00.000Z',
  settledAt: '2026-11-27T12:00:00.000Z',
  history: [{ status: 'CANCELLED', at: '2026-11-27T12:00:00.000Z' }],
  traceId: 'a'.repeat(32),
} as JobRow;

async function cancel(answer: CancelAnswer, request: { jobId?: string; acceptedAt?: string } = {}) {
  const asked: { id: string; unseen: Unseen | undefined }[] = [];
  const counted: unknown[] = [];
  const { jobId = 'j', acceptedAt } = request;
  const answered = await cancelJob(
    { tenant: 't', type: 'csv-import', jobId, acceptedAt, path: '/dev/jobs/csv-import/j', requestId: 'r' },
    {
      cancel: async ({ id }, _now, unseen) => {
        asked.push({ id, unseen });
        return answer;
      },
      observerFor: () => ({
        settled: (_job, outcome, latencyMs) => counted.push([outcome, latencyMs]),
        flush: () => counted.push('flushed'),
      }),
      now: () => NOW,
    },
  );
  return { asked: asked[0], counted, answered };
}

describe('the function api-cancel-job', () => {
  it('answers 202 with the job that it settled, and counts the outcome', async () => {
    const { answered, counted } = await cancel({ kind: 'cancelled', row });
    expect(answered).toMatchObject({
      status: 202,
      body: { status: 'CANCELLED', links: { self: '/dev/jobs/csv-import/j' } },
    });
    expect(counted).toEqual([['CANCELLED', 3_600_000], 'flushed']);
  });

  it('answers 202 with a job that still runs, and leaves counting its outcome to its consumer', async () => {
    const running = { ...row, status: 'RUNNING', cancelRequestedAt: NOW.toISOString() } as const;
    const { answered, counted } = await cancel({ kind: 'requested', row: running, soon: undefined });
    expect(answered).toMatchObject({ status: 202, body: { status: 'RUNNING', cancelRequestedAt: NOW.toISOString() } });
    expect(counted).toEqual([]);
  });

  it('answers 409 with the outcome of a settled job', async () => {
    await expect(cancel({ kind: 'settled', outcome: 'SUCCEEDED' })).rejects.toMatchObject({
      code: 'alreadySettled',
      message: expect.stringContaining('SUCCEEDED'),
    });
  });

  it('cancels a job that no consumer has seen only if its id is valid and its Location says when it was accepted', async () => {
    const acceptedAt = String(NOW.getTime() - 1000);
    const unknown = async (request: { jobId?: string; acceptedAt?: string }) =>
      (await cancel({ kind: 'cancelled', row }, request)).asked?.unseen;
    expect(await unknown({ acceptedAt })).toMatchObject({ acceptedAt: new Date(NOW.getTime() - 1000) });
    expect((await unknown({ acceptedAt }))?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(await unknown({})).toBeUndefined();
    expect(await unknown({ acceptedAt, jobId: 'a b' })).toBeUndefined();
    expect(await unknown({ acceptedAt: String(NOW.getTime() + 10 * 60_000) })).toBeUndefined();
    expect(await unknown({ acceptedAt: String(NOW.getTime() - 40 * DAY_MS) })).toBeUndefined();
  });

  it('answers 404 for an unknown job, and says whether it is too old', async () => {
    await expect(cancel({ kind: 'unknown' })).rejects.toMatchObject({ code: 'unknownJob' });
    const acceptedAt = String(NOW.getTime() - 40 * DAY_MS);
    await expect(cancel({ kind: 'unknown' }, { acceptedAt })).rejects.toMatchObject({ code: 'forgottenJob' });
  });

  it.each(['', 'soon', '0', '-1', '1e3'])('refuses the acceptedAt %j', async (acceptedAt) => {
    await expect(cancel({ kind: 'unknown' }, { acceptedAt })).rejects.toMatchObject({ code: 'badParameter' });
  });

  it('finds a job whose id arrives encoded', async () => {
    expect((await cancel({ kind: 'cancelled', row }, { jobId: 'a%20b' })).asked?.id).toBe('a b');
    expect((await cancel({ kind: 'cancelled', row }, { jobId: '100%' })).asked?.id).toBe('100%');
  });
});

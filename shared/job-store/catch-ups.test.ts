import { memoryTable } from '../testing/memory-table.ts';
import { catchUps } from './catch-ups.ts';
import { jobKey, listKeys } from './keys.ts';

const BEGIN = Date.parse('2026-11-27T10:00:00Z');
const JOBS = 1200;
const MOST = 1000;
const timeOf = (n: number) => new Date(BEGIN + n * 1000);

/** Catches up with jobs of which one was accepted each second. */
async function catchingUp(since: Date) {
  const { client, rows } = memoryTable();
  for (let n = 0; n < JOBS; n += 1) {
    const job = { tenant: 't', type: 'csv-import', id: `job-${n}` };
    const acceptedAt = timeOf(n);
    const row = {
      ...jobKey(job),
      ...listKeys(job, acceptedAt),
      tenant: 't',
      type: 'csv-import',
      jobId: job.id,
      status: 'QUEUED',
      attempt: 0,
      revision: 0,
      traceId: 'trace',
      acceptedAt: acceptedAt.toISOString(),
      history: [],
    };
    rows.set(row.pk, row);
  }
  let sent = 0;
  const all = await catchUps(client, 'jobs').ofType(
    { tenant: 't', type: 'csv-import' },
    since,
    MOST,
    async (events) => {
      sent += events.length;
    },
  );
  return { all, sent };
}

describe('a catch-up with the jobs of a type', () => {
  it('is complete if fewer jobs were accepted since then than it looks at, however many there were before', async () => {
    expect(await catchingUp(timeOf(JOBS - 10))).toMatchObject({ all: true });
  });

  it('is not complete if more jobs were accepted since then', async () => {
    const { all, sent } = await catchingUp(timeOf(0));
    expect(all).toBe(false);
    expect(sent).toBeGreaterThanOrEqual(MOST);
  });
});

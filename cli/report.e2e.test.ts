import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, one, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { spillway } from './testing/run-spillway.ts';

/** Asks about the jobs of one trace, so that the jobs of other tests do not count. */
const reportOf = (trace: string, ...args: string[]) => spillway(['report', '--trace', trace, ...args]);
const BROKEN = { ...csvImport.example.input, csv: '"never closed' };

describe('spillway report', () => {
  it('counts each job once, with the latencies that the API shows, as tables, JSON and CSV', async () => {
    const trace = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${trace}-${'1'.repeat(16)}-01` };
    const inputs = [csvImport.example.input, csvImport.example.input, BROKEN];
    const ids = await Promise.all(
      inputs.map(async (input) => (await submit('csv-import', input, undefined, { headers })).body.jobId),
    );
    const jobs = await Promise.all(ids.map((id) => waitForOutcome('csv-import', id)));
    const [latency] = await eventually('all jobs in the lake', async () => {
      const { out, error } = await reportOf(trace, '--query', 'latency', '--json');
      if (error) throw new Error(error);
      const rows: Record<string, unknown>[] = JSON.parse(out)[0].rows;
      return rows[0]?.jobs === inputs.length && rows;
    });
    const latencies = jobs
      .map(({ acceptedAt, settledAt = '' }) => Date.parse(settledAt) - Date.parse(acceptedAt))
      .sort((a, b) => a - b);
    expect(latency).toMatchObject({
      job_type: 'csv-import',
      tenant: one.clientId,
      p50_ms: latencies[1],
      p95_ms: latencies[2],
      max_ms: latencies[2],
    });
    const runs = jobs.map(({ history }) => {
      const [started, ended] = [history.find(({ status }) => status === 'RUNNING'), history.at(-1)];
      return Date.parse(ended?.at ?? '') - Date.parse(started?.at ?? '');
    });
    const [cost] = JSON.parse((await reportOf(trace, '--query', 'cost', '--json')).out)[0].rows;
    expect(cost).toEqual({
      tenant: one.clientId,
      job_type: 'csv-import',
      jobs: 3,
      attempts: 3,
      running_ms: runs.reduce((total, run) => total + run, 0),
      runs_without_end: 0,
      facts: 9,
    });
    const all = await reportOf(trace);
    expect(all.out).toContain('CSV_MALFORMED');
    expect(all.out).toContain('Settled jobs by hour');
    const file = join(mkdtempSync(join(tmpdir(), 'spillway-')), 'tenants.csv');
    expect((await reportOf(trace, '--query', 'tenants', '--csv', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`tenant,attempts,jobs,failed_or_expired\r\n${one.clientId},3,3,1\r\n`);
  });

  it('refuses a time that it cannot read, and a CSV file of several tables', async () => {
    expect(await spillway(['report', '--from', 'yesterday'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('2026-03-01T09:30:00Z'),
    });
    expect(await spillway(['report', '--csv', 'x.csv'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('--query'),
    });
  });
});

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, one, output, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import type { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { packRecords } from '@spillway/shared/lake/pack.ts';
import { firehoseDestination } from '@spillway/shared/lake/put-records.ts';
import { firehose } from '@spillway/shared/runtime/aws.ts';
import { spillway } from './testing/run-spillway.ts';

/** Asks about the jobs of one trace, so that the jobs of other tests do not count, nor the deliveries of their events to webhooks. */
const reportOf = (trace: string, ...args: string[]) =>
  spillway(['report', '--trace', trace, '--type', 'csv-import', ...args]);
const BROKEN = { ...csvImport.example.input, csv: '"never closed' };

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const FACTS_TIME = `${daysAgo(4).slice(0, 13)}:00:00.000Z`;
const CODES: Partial<Record<JobFact['event_type'], string>> = { 'job.retrying': 'FLAKY', 'job.failed': 'BROKEN' };

/** A fact of a job that was accepted at the first second of an hour four days ago. Each revision is a second later. */
function factOf(
  { tenant, trace }: { tenant: string; trace: string },
  job_id: string,
  event_type: JobFact['event_type'],
  revision: number,
  accepted_at = FACTS_TIME,
): JobFact {
  const event_time = new Date(Date.parse(FACTS_TIME) + revision * 1000).toISOString();
  const settled = ['job.succeeded', 'job.failed', 'job.cancelled'].includes(event_type);
  return {
    event_id: `${trace}-${job_id}-${accepted_at}.${revision}`,
    event_type,
    event_time,
    tenant,
    job_type: 'csv-import',
    job_id,
    revision,
    attempt: Math.ceil(revision / 3),
    accepted_at,
    settled_at: settled ? event_time : null,
    latency_ms: settled ? revision * 1000 : null,
    error_code: CODES[event_type] ?? null,
    trace_id: trace,
  };
}

const write = (facts: readonly JobFact[]) =>
  firehoseDestination(firehose(), output('analytics', 'DeliveryStreamName')).send(
    packRecords(facts.map((fact) => JSON.stringify(fact))),
    AbortSignal.timeout(60_000),
  );

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
    expect(all.out).toMatch(/Settled jobs by hour.*\n +hour +jobs +succeeded +failed +cancelled +expired +█ jobs\n/);
    const folder = mkdtempSync(join(tmpdir(), 'spillway-'));
    const asked = ['report', '--trace', trace, '--type', 'csv-import', '--query', 'tenants', '--csv', 'tenants.csv'];
    // as npm says in which folder it was called
    expect((await spillway(asked, { INIT_CWD: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'tenants.csv'), 'utf8')).toBe(
      `tenant,attempts,jobs,failed_or_expired\r\n${one.clientId},3,3,1\r\n`,
    );
  });

  it('counts each job once although its facts came late, twice and in no order, also if it was replayed or its id is used again', async () => {
    const trace = randomBytes(16).toString('hex');
    const tenant = `tenant-${trace}`;
    const lifeOf = (job: string, ...types: JobFact['event_type'][]) =>
      types.map((type, revision) => factOf({ tenant, trace }, job, type, revision));
    const facts = [
      ...lifeOf('plain', 'job.accepted', 'job.started', 'job.succeeded'),
      ...lifeOf('tried', 'job.accepted', 'job.started', 'job.retrying', 'job.started', 'job.failed'),
      ...lifeOf('again', 'job.accepted', 'job.started', 'job.failed', 'job.replayed', 'job.started', 'job.succeeded'),
      // the id of the first one, used again
      factOf({ tenant, trace }, 'plain', 'job.failed', 1, FACTS_TIME.replace('.000Z', '.500Z')),
      ...lifeOf('open', 'job.accepted', 'job.started', 'job.failed', 'job.replayed'),
    ];
    // each record becomes an object of its own: first the newest facts, then all of them, then the oldest again
    const written = [facts.toReversed(), facts, facts.slice(0, 4)];
    for (const some of written) await write(some);
    const last = factOf({ tenant, trace }, 'last', 'job.cancelled', 1);
    await write([last]);
    const when = ['--from', daysAgo(5), '--to', daysAgo(3)];
    const ask = async (query: string) =>
      JSON.parse((await reportOf(trace, ...when, '--query', query, '--json')).out)[0].rows;
    const [tenants] = await eventually('all facts in the lake', async () => {
      const rows = await ask('tenants');
      return rows[0]?.jobs === 5 && rows;
    });
    expect(tenants).toEqual({ tenant, attempts: 7, jobs: 5, failed_or_expired: 2 });
    expect(await ask('throughput')).toMatchObject([{ jobs: 5, succeeded: 2, failed: 2, cancelled: 1, expired: 0 }]);
    expect(await ask('latency')).toMatchObject([{ jobs: 5, p50_ms: 2000, max_ms: 5000 }]);
    expect(await ask('retries')).toMatchObject([{ reason: 'FLAKY', retries: 1, jobs: 1 }]);
    expect(await ask('cost')).toMatchObject([{ jobs: 6, attempts: 6, running_ms: 6000, facts: facts.length + 1 }]);
  });

  it('refuses a CSV file of several tables', async () => {
    expect(await spillway(['report', '--csv', 'x.csv'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('--query'),
    });
  });
});

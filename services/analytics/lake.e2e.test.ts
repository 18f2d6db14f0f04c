import { askLake } from '@spillway/client/lake.ts';
import { deployedLake, queryFacts } from '@spillway/e2e/athena.ts';
import { eventually, lake, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { COLUMNS, FACTS_PREFIX } from '@spillway/shared/lake/table.ts';

const TWO_DAYS_MS = 2 * 86_400_000;
/** The partitions to read: a test may run at midnight. */
const recent = `day >= '${new Date(Date.now() - TWO_DAYS_MS).toISOString().slice(0, 10)}'`;
const textOf = (id: string) => `'${id}'`;

describe('the lake', () => {
  it('stores Parquet by day and hour, from which Athena reads every fact of a job with the columns of the contract', async () => {
    const { body } = await submit('csv-import', csvImport.example.input);
    await waitForOutcome('csv-import', body.jobId);
    const sql = `SELECT * FROM facts WHERE ${recent} AND job_id = ${textOf(body.jobId)} ORDER BY revision`;
    const facts = await eventually('the outcome of the job', async () => {
      const { columns, rows } = await askLake(deployedLake, sql);
      const found = rows.map((row) => factFrom(columns, row));
      return found.at(-1)?.event_type === 'job.succeeded' && found;
    });
    expect(facts.map(({ event_type }) => event_type)).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
    for (const fact of facts) expect(fact).toMatchObject({ job_type: 'csv-import', job_id: body.jobId });
    const keys = await lake.keys(FACTS_PREFIX);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^parquet\/day=\d{4}-\d\d-\d\d\/hour=\d\d\/.+\.parquet$/);
  });

  it('Athena finds the facts of the last days, and counts each of a job’s facts once', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await submit('csv-import', csvImport.example.input)).body.jobId),
    );
    for (const id of ids) await waitForOutcome('csv-import', id);
    const query = `
      SELECT job_id, COUNT(*), COUNT(DISTINCT event_id) FROM distinct_facts
      WHERE ${recent} AND job_id IN (${ids.map(textOf).join(', ')})
      GROUP BY job_id
      HAVING MAX(event_type) = 'job.succeeded'`;
    const counted = await eventually('the outcome of each job', async () => {
      const rows = await queryFacts(query);
      return rows.length === ids.length && rows;
    });
    for (const [, facts, distinct] of counted) expect(facts).toBe(distinct);
    expect(counted.map(([id]) => id).sort()).toEqual(ids.sort());
  });
});

/** A row, checked by the contract. Athena gives texts, and no text where there is no value. */
function factFrom(columns: readonly string[], row: readonly string[]): JobFact {
  const entries = COLUMNS.map(({ Name, Type }) => {
    const value = row[columns.indexOf(Name)];
    return [Name, value ? (Type === 'bigint' ? Number(value) : value) : null];
  });
  return JobFact.parse(Object.fromEntries(entries));
}

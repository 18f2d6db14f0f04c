import { insertFact, TROUBLED } from '@spillway/shared/testing/facts-of-jobs.ts';
import { runSql } from '@spillway/shared/testing/run-sql.ts';
import { lastHour, prefixOf, preparationOf, statementsOf } from './statements.ts';

const load = {
  bucket: 'lake',
  prefix: 'parquet/day=2026-11-27/hour=09/',
  schema: 'spillway',
  copyRoleArn: 'arn:aws:iam::0:role/copy',
};

/** The statements of a load in which some facts arrive instead of COPY's. DuckDB, which has one user, knows no LOCK. */
const loading = (facts: typeof TROUBLED) => [
  ...preparationOf(load),
  ...statementsOf(load).flatMap((sql) => {
    if (sql.startsWith('LOCK ')) return [];
    if (!sql.startsWith('COPY ')) return [sql];
    return facts.map((fact) => insertFact('arrived', ...fact));
  }),
];

describe('the hour that is loaded', () => {
  it('is the last complete one, even at midnight', () => {
    expect(prefixOf(lastHour(new Date('2026-11-27T10:30:00Z')))).toBe('parquet/day=2026-11-27/hour=09/');
    expect(prefixOf(lastHour(new Date('2027-01-01T00:30:00Z')))).toBe('parquet/day=2026-12-31/hour=23/');
  });
});

describe('the statements', () => {
  it('copy the Parquet of the hour as the role that may read it', () => {
    expect(statementsOf(load)).toContain(
      "COPY arrived FROM 's3://lake/parquet/day=2026-11-27/hour=09/' IAM_ROLE 'arn:aws:iam::0:role/copy' FORMAT AS PARQUET",
    );
  });

  it('wait for the load before, which can outlast its function, before they see what is there', () => {
    expect(preparationOf(load).at(-1)).toMatch(/^CREATE TABLE IF NOT EXISTS spillway\.loading /);
    expect(statementsOf(load)[0]).toBe('LOCK spillway.loading');
  });

  it('store each fact once, however often it came and the hour is loaded', () => {
    const once = [...new Set(TROUBLED.map(([job, revision]) => `${job}.${revision}`))].sort();
    const facts = runSql([
      'CREATE SCHEMA spillway',
      ...loading(TROUBLED),
      ...loading(TROUBLED.slice(3)),
      'SELECT event_id FROM spillway.facts ORDER BY event_id',
    ]);
    expect(facts.flat()).toEqual(once);
  });

  it('show each job once, with its newest outcome, also if its id was used again, and no job that was replayed and has no new one', () => {
    const jobs = runSql([
      'CREATE SCHEMA spillway',
      ...loading(TROUBLED),
      'SELECT job_id, event_type, revision FROM spillway.settled_jobs ORDER BY job_id, event_type',
    ]);
    expect(jobs).toEqual([
      ['again', 'job.succeeded', 4],
      ['once', 'job.cancelled', 1],
      ['once', 'job.failed', 2],
    ]);
  });
});

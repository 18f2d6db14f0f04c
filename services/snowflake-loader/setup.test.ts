import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COLUMNS, FACTS_PREFIX } from '@spillway/shared/lake/table.ts';
import { FACT_COLUMNS, settledJobsView } from '@spillway/shared/lake/warehouse.ts';
import { insertFact, TROUBLED } from '@spillway/shared/testing/facts-of-jobs.ts';
import { runSql } from '@spillway/shared/testing/run-sql.ts';

const LAKE = 'spillway_dev.lake';
/** The statements as snowsql runs them for the stage dev. */
const statements = readFileSync(join(__dirname, 'setup.sql'), 'utf8')
  .replaceAll('&{stage}', 'dev')
  .replaceAll('&{bucket}', 'lake')
  .replaceAll('&{account}', '123456789012')
  .replace(/--.*$/gm, '')
  .split(';')
  .map((statement) => statement.trim())
  .filter((statement) => statement !== '');
const starting = (words: string) => statements.filter((statement) => statement.startsWith(words));
const plain = (sql: string) => sql.replace(/\s+/g, ' ');

/** What DuckDB can run of them: the schema, the table and the views; then facts arrive, as COPY brings them. */
const arrived = [
  "ATTACH ':memory:' AS spillway_dev",
  ...starting('CREATE SCHEMA'),
  ...starting('CREATE TABLE'),
  ...starting('CREATE OR REPLACE VIEW'),
  ...TROUBLED.map((fact) => insertFact(`${LAKE}.arrived`, ...fact)),
];

describe('the setup of Snowflake', () => {
  it('has the columns of the facts, with numbers as numbers, and no variable that nobody gives', () => {
    const types = COLUMNS.map(({ Name, Type }) => `${Name} ${Type === 'bigint' ? 'BIGINT' : 'VARCHAR'}`).join(', ');
    expect(plain(starting('CREATE TABLE')[0] ?? '')).toContain(`( ${types} )`);
    for (const view of starting('CREATE OR REPLACE VIEW')) expect(plain(view)).toContain(FACT_COLUMNS);
    expect(statements.join()).not.toContain('&');
  });

  it('reads only the facts of the lake, with the role of the stack, and loads no file twice', () => {
    const [integration = ''] = starting('CREATE STORAGE INTEGRATION');
    expect(integration).toContain(`STORAGE_ALLOWED_LOCATIONS = ('s3://lake/${FACTS_PREFIX}')`);
    expect(integration).toContain("'arn:aws:iam::123456789012:role/spillway-dev-snowflake'");
    expect(starting('CREATE TASK')[0]).not.toContain('FORCE');
  });

  it('shows each fact once', () => {
    const once = [...new Set(TROUBLED.map(([job, revision]) => `${job}.${revision}`))].sort();
    expect(runSql([...arrived, `SELECT event_id FROM ${LAKE}.facts ORDER BY event_id`]).flat()).toEqual(once);
  });

  it('shows each job once with its newest outcome, also if its id was used again, as Redshift does', () => {
    const rows = (view: string) =>
      runSql([
        ...arrived,
        ...view.split(';'),
        `SELECT job_id, event_type FROM ${LAKE}.settled_jobs ORDER BY job_id, event_type`,
      ]);
    const own = rows('SELECT 1');
    expect(own).toEqual([
      ['again', 'job.succeeded'],
      ['once', 'job.cancelled'],
      ['once', 'job.failed'],
    ]);
    expect(rows(settledJobsView(`${LAKE}.settled_jobs`, `${LAKE}.facts`))).toEqual(own);
  });
});

import { OUTCOMES, STATUSES } from '../contracts/job.ts';
import { JOB, sqlText } from './queries.ts';
import { COLUMNS } from './table.ts';

/** What a text of a fact takes at most, in bytes: ids, times and codes; an error's code is the longest, with 200 characters. */
const LONGEST_TEXT = 1024;
const SQL_TYPES = { string: `VARCHAR(${LONGEST_TEXT})`, bigint: 'BIGINT' } as const;

/** The names of the columns of a fact. */
export const FACT_COLUMNS = COLUMNS.map(({ Name }) => Name).join(', ');
/** The columns of a fact for `CREATE TABLE`, in the order of the Parquet files, which COPY needs. */
export const FACT_COLUMN_TYPES = COLUMNS.map(({ Name, Type }) => `${Name} ${SQL_TYPES[Type]}`).join(', ');

const FINAL = [...OUTCOMES.map((outcome) => STATUSES[outcome].event), 'job.replayed'].map(sqlText).join(', ');

/**
 * A view of the newest outcome of each job, in SQL that Redshift and Snowflake both run: each job counts once, however often and in
 * whatever order its facts came. A job that was replayed is in it again once it has a new outcome.
 */
export const settledJobsView = (view: string, facts: string): string =>
  `CREATE OR REPLACE VIEW ${view} AS SELECT ${FACT_COLUMNS} FROM (
  SELECT ${FACT_COLUMNS}, ROW_NUMBER() OVER (PARTITION BY ${JOB} ORDER BY revision DESC) AS newness
  FROM ${facts} WHERE event_type IN (${FINAL})
) AS ranked WHERE newness = 1 AND event_type <> 'job.replayed'`;

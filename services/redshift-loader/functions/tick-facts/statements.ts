import { FACTS_PREFIX } from '@spillway/shared/lake/table.ts';
import { FACT_COLUMN_TYPES, FACT_COLUMNS, settledJobsView } from '@spillway/shared/lake/warehouse.ts';

const HOUR_MS = 3_600_000;

/** The prefix of the objects that have the facts of an hour. @param time any time in it */
export function prefixOf(time: Date): string {
  const [day = '', rest = ''] = time.toISOString().split('T');
  return `${FACTS_PREFIX}day=${day}/hour=${rest.slice(0, 2)}/`;
}

/** The last hour that was over at a time. */
export const lastHour = (time: Date): Date => new Date(time.getTime() - HOUR_MS);

/** Where the statements load from and to. Names are ours or the deployer's, and are not quoted. */
export interface Load {
  bucket: string;
  prefix: string;
  schema: string;
  copyRoleArn: string;
}

/** The statements that make the tables, in a transaction before that of a load. `loading` only has a lock, and no rows. */
export const preparationOf = ({ schema }: Pick<Load, 'schema'>): string[] => [
  `CREATE TABLE IF NOT EXISTS ${schema}.facts (${FACT_COLUMN_TYPES})`,
  `CREATE TABLE IF NOT EXISTS ${schema}.loading (nothing INT)`,
];

/**
 * The statements that load an hour of facts, in one transaction. A fact that is there already, from an earlier load of the hour or
 * from Firehose storing it twice, is not inserted again, so an hour can be loaded any number of times.
 *
 * A load that outlasts its function goes on in Redshift, and Lambda starts the next one. Both would insert the same facts, because
 * neither sees the other's. So each load first waits for the lock of the one before. It must be the first statement: a
 * transaction sees what was committed before its first CREATE TABLE or COPY
 * (https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html). Queries of facts do not wait for it.
 */
export const statementsOf = ({ bucket, prefix, schema, copyRoleArn }: Load): string[] => [
  `LOCK ${schema}.loading`,
  `CREATE TEMP TABLE arrived (${FACT_COLUMN_TYPES})`,
  `COPY arrived FROM 's3://${bucket}/${prefix}' IAM_ROLE '${copyRoleArn}' FORMAT AS PARQUET`,
  `INSERT INTO ${schema}.facts (${FACT_COLUMNS}) SELECT DISTINCT ${FACT_COLUMNS} FROM arrived
WHERE NOT EXISTS (SELECT 1 FROM ${schema}.facts AS known WHERE known.event_id = arrived.event_id)`,
  'DROP TABLE arrived',
  settledJobsView(`${schema}.settled_jobs`, `${schema}.facts`),
];

import { JobFact } from '../contracts/job-fact.ts';

/** Where the facts are in the lake's bucket. Athena and the loaders find them by the same path. */
export const FACTS_PREFIX = 'parquet/';
/** Where Firehose, and the function that feeds it, put what could not be delivered. */
export const ERRORS_PREFIX = 'errors/';
/** Where the function that feeds Firehose puts what Firehose refused. */
export const REFUSED_PREFIX = `${ERRORS_PREFIX}refused/`;

/**
 * The columns by which the facts are partitioned: when Firehose got the oldest fact of their object, in UTC. That is up to five
 * minutes before it got the fact itself (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html).
 */
export const PARTITION_KEYS = ['day', 'hour'] as const;

/** A column, with Glue's name of its type. Times are texts in ISO 8601, in UTC, which sort like times. */
export interface Column {
  Name: string;
  Type: 'string' | 'bigint';
}

/** The columns of the facts, from their contract. */
export const COLUMNS: readonly Column[] = Object.entries(JobFact.shape).map(([Name, schema]) => ({
  Name,
  Type: glueType(schema._zod.def),
}));

/** The part of a zod schema's definition that decides about a column's type. */
interface Definition {
  type: string;
  innerType?: { _zod: { def: Definition } };
}

function glueType({ type, innerType }: Definition): Column['Type'] {
  if (innerType) return glueType(innerType._zod.def);
  return type === 'number' ? 'bigint' : 'string';
}

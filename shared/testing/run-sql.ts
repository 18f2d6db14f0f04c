import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../packaging/services.ts';

/** Runs the statements, and prints the rows of the last one as JSON. */
const SCRIPT = `
import duckdb, json, sys
database = duckdb.connect()
for statement in json.load(sys.stdin):
    result = database.execute(statement)
print(json.dumps(result.fetchall(), default=str))
`;

/**
 * Runs SQL on an empty DuckDB, which the local engine brings along: its dialect is close to those of Redshift and Snowflake.
 *
 * @returns the rows of the last statement
 */
export function runSql(statements: readonly string[]): unknown[][] {
  const python = join(ROOT, '.spillway/python/bin/python');
  return JSON.parse(execFileSync(python, ['-c', SCRIPT], { input: JSON.stringify(statements), encoding: 'utf8' }));
}

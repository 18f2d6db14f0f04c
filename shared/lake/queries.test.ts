import { TrinoSqlVisitor } from 'dt-sql-parser/dist/lib/trino/TrinoSqlVisitor.js';
import { TrinoSQL } from 'dt-sql-parser/dist/parser/trino/index.js';
import { LAST_WEEK, QUERY_NAMES, scopeOf, sqlOf, sqlText } from './queries.ts';

/**
 * The functions that Trino has, which Athena runs, and that mean the same in DuckDB, on which the end-to-end tests run the
 * queries. Before one is added, compare what both say about it:
 * https://trino.io/docs/current/functions/list.html and https://duckdb.org/docs/stable/sql/functions/overview
 */
const COMMON_FUNCTIONS = [
  'coalesce',
  'count',
  'date_diff',
  'lead',
  'max',
  'min',
  'replace',
  'row_number',
  'substr',
  'sum',
];

const trino = new TrinoSQL();

/** The functions that a query calls. */
class Functions extends TrinoSqlVisitor<void> {
  readonly names = new Set<string>();
  override visitFunctionCall = (call: Parameters<NonNullable<TrinoSqlVisitor<void>['visitFunctionCall']>>[0]) => {
    this.names.add(call.functionName().getText().toLowerCase());
    this.visitChildren(call);
  };
}

/** Why Athena would not run a query, by the grammar of Trino and the functions that both engines have. */
function faultsOf(sql: string): string[] {
  const faults = trino.validate(sql).map(({ message }) => message);
  if (faults.length > 0) return faults;
  const functions = new Functions();
  functions.visit(trino.parse(sql));
  return [...functions.names].filter((name) => !COMMON_FUNCTIONS.includes(name));
}

const scope = scopeOf(new Date('2026-11-26T00:00:00Z'), new Date('2026-11-27T00:00:00Z'), [
  `tenant = ${sqlText("o'neill")}`,
]);

describe('a query of the lake', () => {
  it('reads all days until a time that nothing comes after, and from a time that nothing comes before', () => {
    // times are compared as texts: years of more than four digits begin with a sign
    const ever = scopeOf(new Date('0000-01-01T00:00:00+14:00'), new Date('9999-12-31T23:59:59-12:00'));
    expect(ever).toMatchObject({
      from: "'0000-01-01T00:00:00.000Z'",
      to: "'9999-12-31T23:59:59.999Z'",
      firstDay: "'0000-01-01'",
      lastDay: "'9999-12-31'",
    });
  });

  it.each(QUERY_NAMES)('is one that Athena can run, not only the local engine: %s', (name) => {
    expect(faultsOf(sqlOf(name, LAST_WEEK))).toEqual([]);
    expect(faultsOf(sqlOf(name, scope))).toEqual([]);
  });

  it.each([
    'SELECT tenant::varchar FROM facts',
    'SELECT * EXCLUDE (tenant) FROM facts',
    'SELECT tenant FROM facts QUALIFY row_number() OVER (ORDER BY tenant) = 1',
    'SELECT tenant, count(*) FROM facts GROUP BY ALL',
    'FROM facts SELECT tenant',
    "SELECT tenant FROM 'facts.parquet'",
    'SELECT DISTINCT ON (tenant) job_id FROM facts',
    'SELECT current_date - INTERVAL 7 DAY',
    'SELECT revision // 2 FROM facts',
    'SELECT quantile_disc(latency_ms, 0.95) FROM facts',
    'SELECT strftime(event_time) FROM facts',
  ])('that only the local engine understands fails this check: %s', (sql) => {
    expect(faultsOf(sql)).not.toEqual([]);
  });
});

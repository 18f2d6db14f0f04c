import { writeFileSync } from 'node:fs';
import { askLake, type Lake, readLake } from '@spillway/client/lake.ts';
import {
  QUERIES,
  QUERY_NAMES,
  type QueryName,
  type QueryScope,
  scopeOf,
  sqlOf,
  sqlText,
} from '@spillway/shared/lake/queries.ts';
import { type Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { parseFile } from '../files.ts';
import { stageOption } from '../options.ts';
import { csvOf, objectsOf, tableOf } from '../report/table.ts';
import { findTarget, tenantId } from '../session.ts';
import { addPeriod, timeOption } from '../time-options.ts';

const DAY_MS = 86_400_000;

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('Ask the lake: what was settled, how fast, what failed, what was repeated, and for whom')
    .addOption(new Option('--query <name>', 'only this question').choices(QUERY_NAMES));
  addPeriod(
    command,
    timeOption('--from', 'from this time on, such as 2026-03-01T09:30:00Z; by default a day before --to'),
    timeOption('--to', 'before this time').default(new Date(), 'now'),
  )
    .option('--type <type>', 'only jobs of a type')
    .option('--tenant <id>', 'only jobs of a tenant, by its id, or on the local engine also by its name')
    .option('--trace <id>', 'only jobs of a W3C trace id')
    .addOption(new Option('--csv <file>', 'write the answer to a file; needs --query').argParser(parseFile))
    .option('--json', 'print the answers as JSON')
    .addOption(stageOption())
    .action(async ({ from, to, type, tenant, trace, stage, ...output }) => {
      if (output.csv !== undefined && output.query === undefined)
        throw new CliError('USAGE', 'A CSV file holds the answer to one question: name it with --query.', 2);
      const target = await findTarget(stage);
      const columns = { job_type: type, tenant: tenant && tenantId(target, tenant), trace_id: trace };
      const since: Date = from ?? new Date(to.getTime() - DAY_MS);
      const lake = await readLake(target.stage.name);
      await report(lake, scopeOf(since, to, conditions(columns)), output);
    });
}

interface Output {
  query?: QueryName;
  csv?: string;
  json?: true;
}

/** Asks one question, or all, and prints the answers as tables, or as JSON when all are there. */
async function report(lake: Lake, scope: QueryScope, { query, csv, json }: Output): Promise<void> {
  const answers: unknown[] = [];
  for (const name of query === undefined ? QUERY_NAMES : [query]) {
    const answer = await askLake(lake, sqlOf(name, scope));
    if (csv !== undefined) writeFileSync(csv, csvOf(answer));
    answers.push({ query: name, rows: objectsOf(answer) });
    if (!json) console.log(`${QUERIES[name].title}\n${tableOf(answer, QUERIES[name].chart, process.stdout.columns)}\n`);
  }
  if (json) console.log(JSON.stringify(answers, null, 2));
}

const conditions = (columns: Record<string, string | undefined>) =>
  Object.entries(columns).flatMap(([column, value]) => (value === undefined ? [] : [`${column} = ${sqlText(value)}`]));

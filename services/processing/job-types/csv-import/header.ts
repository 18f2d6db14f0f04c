import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

/** A rule of the input for one column. */
export type ColumnRule = InputOf<typeof csvImport>['columns'][number];

/** A column rule and the position of the column in the file, or null if an optional column is missing. */
export type PlacedColumn = ColumnRule & { index: number | null };

export interface Layout {
  columns: PlacedColumn[];
  /** How many fields every row must have. */
  width: number;
}

/**
 * Finds each rule's column in the header. The columns may be in any order; names must match exactly.
 *
 * @throws PermanentJobError `CSV_HEADER_REFUSED` naming every missing, repeated and unknown column
 */
export function readHeader(names: string[], rules: ColumnRule[]): Layout {
  const known = new Set(rules.map((rule) => rule.name));
  const present = new Set(names);
  const problems = [
    ...listed(
      'missing',
      rules.filter((rule) => rule.required && !present.has(rule.name)).map((rule) => rule.name),
    ),
    ...listed('repeated', repeatedIn(names)),
    ...listed(
      'unknown',
      [...present].filter((name) => !known.has(name)),
    ),
  ];
  if (problems.length > 0) {
    throw new PermanentJobError(
      'CSV_HEADER_REFUSED',
      `the header does not fit the column rules: ${problems.join('; ')}`,
    );
  }
  const columns = rules.map((rule) => ({ ...rule, index: present.has(rule.name) ? names.indexOf(rule.name) : null }));
  return { columns, width: names.length };
}

/** In one pass, because a file of 1 MiB can be a header of 200,000 names, and comparing all pairs would take minutes. */
function repeatedIn(names: string[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) (seen.has(name) ? repeated : seen).add(name);
  return [...repeated];
}

const listed = (problem: string, names: string[]) =>
  names.length > 0 ? [`${problem} ${names.map((name) => JSON.stringify(name)).join(', ')}`] : [];

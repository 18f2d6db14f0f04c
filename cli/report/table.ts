import type { Answer } from '@spillway/client/lake.ts';

const LONGEST_BAR = 30;
const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** An answer as a table for a terminal, with a bar for the numbers of one column, which the header names again. */
export function tableOf({ columns, rows }: Answer, chart: string): string {
  if (rows.length === 0) return '  nothing';
  const charted = columns.indexOf(chart);
  const most = Math.max(1, ...rows.map((row) => Number(row[charted] ?? 0)));
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)));
  const cell = (text: string, index: number) =>
    isNumber(text) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0);
  const bar = (row: readonly string[]) => '█'.repeat(Math.round((LONGEST_BAR * Number(row[charted] ?? 0)) / most));
  const line = (cells: readonly string[], end: string) => `  ${[...cells.map(cell), end].join('  ')}`.trimEnd();
  return [line(columns, `█ ${chart}`), ...rows.map((row) => line(row, bar(row)))].join('\n');
}

/** An answer as CSV by RFC 4180, with a header. */
export const csvOf = ({ columns, rows }: Answer): string =>
  [columns, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The rows of an answer as objects, with numbers as numbers and null where there is no value. */
export const objectsOf = ({ columns, rows }: Answer): Record<string, string | number | null>[] =>
  rows.map((row) =>
    Object.fromEntries(
      columns.map((name, index) => {
        const text = row[index] ?? '';
        return [name, text === '' ? null : isNumber(text) ? Number(text) : text];
      }),
    ),
  );

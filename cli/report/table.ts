import type { Answer } from '@spillway/client/lake.ts';

const LONGEST_BAR = 30;
/** A shorter bar would not compare anything. */
const SHORTEST_BAR = 8;
const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/**
 * An answer as a table for a terminal, with a bar for the numbers of one column, which the header names again.
 *
 * @param width how many columns the terminal has; the bars are shorter where there is less room, and left out where there is
 *   none. By default there is room for all
 */
export function tableOf({ columns, rows }: Answer, chart: string, width = Number.POSITIVE_INFINITY): string {
  if (rows.length === 0) return '  nothing';
  const texts = columns.map((name, index) => [name, ...rows.map((row) => row[index] ?? '')]);
  const widths = texts.map((each) => Math.max(...each.map(({ length }) => length)));
  const ofNumbers = texts.map(
    ([, ...cells]) => cells.some(isNumber) && cells.every((cell) => cell === '' || isNumber(cell)),
  );
  const cell = (text: string, index: number) =>
    ofNumbers[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0);
  const line = (cells: readonly string[]) => cells.map((text, index) => `  ${cell(text, index)}`).join('');
  const lines = [columns, ...rows].map(line);

  const charted = columns.indexOf(chart);
  const most = Math.max(1, ...rows.map((row) => Number(row[charted] ?? 0)));
  const longest = Math.min(LONGEST_BAR, width - (lines[0]?.length ?? 0) - 2);
  const bar = (row: readonly string[]) => '█'.repeat(Math.round((longest * Number(row[charted] ?? 0)) / most));
  const bars = longest < Math.max(SHORTEST_BAR, chart.length + 2) ? [] : [`█ ${chart}`, ...rows.map(bar)];
  return lines.map((text, index) => `${text}  ${bars[index] ?? ''}`.trimEnd()).join('\n');
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

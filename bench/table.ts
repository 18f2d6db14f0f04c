/** Rows in aligned columns; cells that are numbers stand to the right. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((widest, row) => {
    row.forEach((cell, column) => {
      widest[column] = Math.max(widest[column] ?? 0, cell.length);
    });
    return widest;
  }, []);
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      NUMBER.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
  return rows.map((row) => `  ${line(row).join('  ')}`.trimEnd()).join('\n');
}

const NUMBER = /^\d+(\.\d+)?( \w+)?$/;

/** Whether an aim of "at most" is met, in words. */
export const verdict = (value: number, aim: number, unit = '') =>
  value <= aim ? `aim ≤ ${aim}${unit}: met` : `aim ≤ ${aim}${unit}: MISSED`;

/** The middle of the numbers, or the mean of the two in the middle; 0 for none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

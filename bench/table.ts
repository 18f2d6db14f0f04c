/** Aligns rows in columns. Numbers are aligned to the right. */
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

/** Says whether a value is at most its target. */
export const verdict = (value: number, target: number, unit = '') =>
  `target ≤ ${target}${unit}: ${value <= target ? 'met' : 'MISSED'}`;

/** The middle one of the numbers, or the mean of the two in the middle. 0 if there are no numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

import * as z from 'zod/mini';
import type { ColumnRule, Layout, PlacedColumn } from './header.ts';

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** For each type: what a value must look like, what it becomes, and what a refusal calls it. */
const TYPES: Record<
  ColumnRule['type'],
  { called: string; fits: (text: string) => boolean; read: (text: string) => Value }
> = {
  string: { called: 'text', fits: () => true, read: (text) => text },
  integer: {
    called: 'an integer',
    // beyond 2^53 a JSON number would silently become a different one
    fits: (text) => /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)),
    read: Number,
  },
  decimal: {
    called: 'a decimal number',
    fits: (text) => /^[+-]?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text)),
    read: Number,
  },
  date: { called: 'a date (YYYY-MM-DD)', fits: (text) => z.regexes.date.test(text), read: (text) => text },
  email: { called: 'an e-mail address', fits: (text) => z.regexes.email.test(text), read: (text) => text },
};

/** How much of a refused value is shown, so that a reason stays on one line. */
const SHOWN_CHARACTERS = 40;

/** Checks a row by the column rules: its values, or every reason why it is rejected. An empty field has no value (null). */
export function checkRow(fields: string[], { columns, width }: Layout): { row: Row } | { reasons: string[] } {
  if (fields.length !== width) return { reasons: [`the header has ${width} fields, this row has ${fields.length}`] };
  const reasons: string[] = [];
  const entries: [string, Value][] = [];
  for (const column of columns) {
    const checked = checkField(column, fields);
    if ('reason' in checked) reasons.push(`${column.name}: ${checked.reason}`);
    else entries.push([column.name, checked.value]);
  }
  return reasons.length > 0 ? { reasons } : { row: Object.fromEntries(entries) };
}

function checkField({ index, type, required }: PlacedColumn, fields: string[]): { value: Value } | { reason: string } {
  const text = index === null ? '' : (fields[index] ?? '');
  if (text === '') return required ? { reason: 'is required' } : { value: null };
  const { called, fits, read } = TYPES[type];
  return fits(text) ? { value: read(text) } : { reason: `${JSON.stringify(shortened(text))} is not ${called}` };
}

const shortened = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

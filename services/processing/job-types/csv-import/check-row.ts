import { EMAIL } from '@spillway/shared/contracts/email.ts';
import * as z from 'zod/mini';
import { exactNumber } from './exact-number.ts';
import type { ColumnRule, Layout, PlacedColumn } from './header.ts';

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** A column type: what a value must look like, and what a refusal calls it. */
interface Type {
  pattern: RegExp;
  called: string;
  /** A text that fits the pattern as a number. */
  number?: {
    /** @returns undefined if a JSON number would silently be a different one */
    read(text: string): number | undefined;
    /** Why it is refused then. */
    refusal: string;
  };
}

const TYPES: Record<ColumnRule['type'], Type> = {
  string: { pattern: /^/, called: 'text' },
  integer: {
    pattern: /^[+-]?\d+$/,
    called: 'an integer',
    number: {
      read: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
      refusal: `is beyond ±${Number.MAX_SAFE_INTEGER}, the limit of JSON numbers: use a string column`,
    },
  },
  decimal: {
    pattern: /^[+-]?\d+(\.\d+)?$/,
    called: 'a decimal number',
    number: { read: exactNumber, refusal: 'has more digits than a JSON number can hold: use a string column' },
  },
  date: { pattern: z.regexes.date, called: 'a date (YYYY-MM-DD)' },
  email: { pattern: EMAIL, called: 'an e-mail address' },
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
  const { pattern, called, number } = TYPES[type];
  const refused = (why: string) => ({ reason: `${JSON.stringify(shortened(text))} ${why}` });
  if (!pattern.test(text)) return refused(`is not ${called}`);
  if (!number) return { value: text };
  const value = number.read(text);
  return value === undefined ? refused(number.refusal) : { value };
}

const shortened = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

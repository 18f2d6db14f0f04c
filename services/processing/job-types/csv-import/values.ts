import * as z from 'zod/mini';

export type ColumnType = 'string' | 'integer' | 'decimal' | 'date' | 'email';
export type Value = string | number | null;

/** How much of a refused value is shown, so that a reason stays a line. */
const SHOWN_CHARACTERS = 40;

/** For each type: what a value must look like, what it becomes, and how a refusal calls it. */
const TYPES: Record<ColumnType, { called: string; fits: (text: string) => boolean; read: (text: string) => Value }> = {
  string: { called: 'text', fits: () => true, read: (text) => text },
  integer: {
    called: 'an integer',
    // beyond 2^53 a JSON number would silently be another one
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

/** A field's text as a value of its column's type, or why it is none. */
export function readValue(type: ColumnType, text: string): { value: Value } | { reason: string } {
  const { called, fits, read } = TYPES[type];
  if (!fits(text)) return { reason: `${JSON.stringify(shown(text))} is not ${called}` };
  return { value: read(text) };
}

const shown = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

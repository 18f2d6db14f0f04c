import type { Layout, PlacedColumn } from './header.ts';
import { readValue, type Value } from './values.ts';

export type Row = Record<string, Value>;

/** A row by the column rules: its values, or every reason why it is rejected. An empty field is no value (null). */
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

function checkField(column: PlacedColumn, fields: string[]): { value: Value } | { reason: string } {
  const text = column.index === null ? '' : (fields[column.index] ?? '');
  if (text !== '') return readValue(column.type, text);
  return column.required ? { reason: 'is required' } : { value: null };
}

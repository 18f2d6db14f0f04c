import { entryOf, indexUnits, tableUnits, type Write } from './write-units.ts';

const KEYS_ONLY = { keys: ['list', 'sort'], projected: ['list', 'sort', 'pk'] };
const ALL = { keys: ['list', 'sort'] };

const write = (before: Write['before'], after: Write['after'], transaction = false): Write => ({
  table: 'jobs',
  before,
  after,
  transaction,
});
/** An item of exactly that size: `pk` and `text` are names of 6 bytes together. */
const sized = (bytes: number) => ({ pk: '', text: 'x'.repeat(bytes - 6) });

describe('the write units of a table', () => {
  it('counts a write by the larger of the images before and after it, in whole KB', () => {
    expect(tableUnits(write(undefined, sized(1024)))).toBe(1);
    expect(tableUnits(write(undefined, sized(1025)))).toBe(2);
    expect(tableUnits(write(sized(2049), sized(10)))).toBe(3);
    expect(tableUnits(write(sized(2049), undefined))).toBe(3);
  });

  it('counts a write twice if it is in a transaction', () => {
    expect(tableUnits(write(undefined, sized(1025), true))).toBe(4);
  });
});

describe('the write units of an index', () => {
  const row = { pk: 'a', list: 'l', sort: '1', status: 'RUNNING' };

  it('counts a new entry once, and no write that changes nothing in the index', () => {
    expect(indexUnits(write(undefined, row), KEYS_ONLY)).toBe(1);
    expect(indexUnits(write(row, { ...row, status: 'SUCCEEDED' }), KEYS_ONLY)).toBe(0);
    expect(indexUnits(write(row, { ...row, status: 'SUCCEEDED' }), ALL)).toBe(1);
  });

  it('counts a changed key of an index as a delete and a new entry', () => {
    expect(indexUnits(write(row, { ...row, sort: '2' }), KEYS_ONLY)).toBe(2);
  });

  it('counts nothing for an item that a sparse index does not hold', () => {
    const { list: _, ...outside } = row;
    expect(indexUnits(write(undefined, outside), KEYS_ONLY)).toBe(0);
    expect(indexUnits(write(row, outside), KEYS_ONLY)).toBe(1);
  });

  it('holds the projected attributes of an item that has them', () => {
    expect(entryOf(row, KEYS_ONLY)).toEqual({ pk: 'a', list: 'l', sort: '1' });
    expect(entryOf(row, ALL)).toEqual(row);
    expect(entryOf({ pk: 'a' }, KEYS_ONLY)).toBeUndefined();
  });
});

import { itemBytes, writeUnits } from './item-size.ts';

describe('the size of an item', () => {
  it('counts names, texts in UTF-8, numbers by their digits, bytes, lists and maps of an item as DynamoDB does', () => {
    expect(itemBytes({ pk: 'é' })).toBe(4);
    expect(itemBytes({ n: 123 })).toBe(4);
    expect(itemBytes({ b: new Uint8Array(10) })).toBe(11);
    expect(itemBytes({ l: ['a', true] })).toBe(1 + 3 + 2 + 2);
    expect(itemBytes({ m: { a: 'b', c: null } })).toBe(1 + 3 + 2 + 2 + 2);
    expect(writeUnits({ a: 'x'.repeat(1024) })).toBe(2);
  });
});

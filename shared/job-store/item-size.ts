/**
 * The size of an item by DynamoDB's rule, in bytes: its names and values, a number ⌈digits / 2⌉ + 1, a list or map 3 and 1 for
 * each entry (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 *
 * @param item as the document client returns it
 */
export const itemBytes = (item: object): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/\D/g, '').length / 2) + 1;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum, entry) => sum + 1 + valueBytes(entry), 3);
  if (value !== null && typeof value === 'object') return 3 + Object.keys(value).length + itemBytes(value);
  return 1;
}

/** The units that a write of an item costs, which is ⌈KB⌉. */
export const writeUnits = (item: object): number => Math.ceil(itemBytes(item) / 1024);

import { itemBytes } from '@spillway/shared/job-store/item-size.ts';

export type Item = Record<string, unknown>;

/** A write of an item. There is no item before the first write, and none after a delete. */
export interface Write {
  table: string;
  before?: Item | undefined;
  after?: Item | undefined;
  transaction: boolean;
}

/** What an index holds of an item. */
export interface Index {
  keys: string[];
  /** The attributes that the index holds, its keys and the table's included; without it, all. */
  projected?: string[] | undefined;
}

const BYTES_A_UNIT = 1024;
const unitsOf = (...items: (Item | undefined)[]) =>
  Math.max(1, ...items.map((item) => Math.ceil(itemBytes(item ?? {}) / BYTES_A_UNIT)));

/** The units of a write to a table: ⌈KB⌉ of the larger of the two images, twice that in a transaction. */
export const tableUnits = ({ before, after, transaction }: Write): number =>
  unitsOf(before, after) * (transaction ? 2 : 1);

/**
 * The units that the same write costs in an index: none if the index's entry stays as it is, and two writes if its key
 * changes, because the old entry is deleted
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes).
 */
export function indexUnits({ before, after }: Write, index: Index): number {
  const [old, current] = [entryOf(before, index), entryOf(after, index)];
  if (!old && !current) return 0;
  if (!old || !current) return unitsOf(old, current);
  if (index.keys.some((key) => old[key] !== current[key])) return unitsOf(old) + unitsOf(current);
  return JSON.stringify(old) === JSON.stringify(current) ? 0 : unitsOf(old, current);
}

/** An item's entry in an index. An item without one of the index's keys has none. */
export function entryOf(item: Item | undefined, { keys, projected }: Index): Item | undefined {
  if (!item || keys.some((key) => item[key] === undefined)) return undefined;
  const names = (projected ?? Object.keys(item)).filter((name) => item[name] !== undefined).sort();
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

import { sha256 } from '../../attempt/digests.ts';
import type { Objects } from '../objects.ts';
import type { Refusal } from './delivery.ts';

/** Where a reader of the table's stream stores what its destinations refused. */
export interface RefusedPlace {
  bucket: Pick<Objects, 'put'>;
  /** The prefix of the keys, with a slash at its end. */
  prefix: string;
  /** Observes what was stored. */
  stored(key: string, count: number, codes: string[]): void;
}

/**
 * Stores refused entries as lines of one object, from which they can be sent again (`spillway lake replay`,
 * `spillway events resend`). The key comes from the entries, so a batch that comes twice is stored once.
 *
 * @param lineOf an entry as a line of JSON, or as several with line breaks between them
 */
export const refusedStore =
  <Entry>({ bucket, prefix, stored }: RefusedPlace, lineOf: (entry: Entry) => string) =>
  async (name: string, refusals: readonly Refusal<Entry>[]): Promise<void> => {
    const text = refusals.map(({ entry }) => `${lineOf(entry).trimEnd()}\n`).join('');
    const digest = sha256(text).slice(0, 32);
    const key = `${prefix}${name}/${new Date().toISOString().slice(0, 10)}/${digest}.jsonl`;
    await bucket.put(key, text, 'application/x-ndjson');
    stored(key, refusals.length, [...new Set(refusals.map(({ code }) => code))]);
  };

/**
 * A list that keeps its first entries, up to `maxEntries` or `maxCharacters` of JSON, and counts all of them. After the
 * first entry that does not fit it keeps no more, so that the kept entries have no gap.
 */
export class BoundedList<T> {
  readonly kept: T[] = [];
  total = 0;
  readonly #maxEntries: number;
  #charactersLeft: number;
  #open = true;

  constructor({ maxEntries, maxCharacters }: { maxEntries: number; maxCharacters: number }) {
    this.#maxEntries = maxEntries;
    this.#charactersLeft = maxCharacters;
  }

  add(entry: T): void {
    this.total += 1;
    if (!this.#open) return;
    this.#charactersLeft -= JSON.stringify(entry).length;
    this.#open = this.#charactersLeft >= 0 && this.kept.length < this.#maxEntries;
    if (this.#open) this.kept.push(entry);
  }
}

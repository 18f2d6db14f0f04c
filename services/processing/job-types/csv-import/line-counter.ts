const CR = 13;
const LF = 10;

/**
 * Counts lines in one pass over a text. The CSV parser cannot do it: it counts a CRLF inside quotes as two line breaks, and
 * a client needs the right line to find a rejected row. It keeps only the part of the text that is not counted yet.
 */
export class LineCounter {
  readonly #slices: Buffer[] = [];
  /** Where the first of the slices starts in the text. */
  #start = 0;
  #at = 0;
  #line = 1;
  #afterCr = false;

  /** Adds the next bytes of the text. */
  add(slice: Buffer): void {
    this.#slices.push(slice);
  }

  /**
   * The line of the next text at or after an offset, behind any blank lines. Offsets must not decrease.
   *
   * @param offset within the bytes that were added, in bytes
   */
  lineAfter(offset: number): number {
    for (let slice = this.#slices[0]; slice; slice = this.#slices[0]) {
      const end = this.#start + slice.length;
      while (this.#at < end) {
        const byte = slice[this.#at - this.#start];
        if (this.#at >= offset && byte !== CR && byte !== LF) return this.#line;
        // a CRLF is one line break
        if (byte === CR || (byte === LF && !this.#afterCr)) this.#line += 1;
        this.#afterCr = byte === CR;
        this.#at += 1;
      }
      this.#slices.shift();
      this.#start = end;
    }
    return this.#line;
  }
}

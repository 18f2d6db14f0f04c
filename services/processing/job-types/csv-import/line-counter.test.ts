import fc from 'fast-check';
import { LineCounter } from './line-counter.ts';

describe('a line counter', () => {
  it('finds the same lines however the text is cut into slices', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n'), minLength: 1 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (written, size) => {
        const bytes = Buffer.from(written);
        const counter = new LineCounter();
        for (let start = 0; start < bytes.length; start += size) counter.add(bytes.subarray(start, start + size));
        for (const [offset, character] of [...written].entries()) {
          if (character !== 'a') continue;
          expect(counter.lineAfter(offset)).toBe(written.slice(0, offset).split(/\r\n|\r|\n/).length);
        }
      }),
    );
  });
});

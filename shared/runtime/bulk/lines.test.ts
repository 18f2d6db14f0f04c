import { pieces } from '../../testing/pieces.ts';
import { LONGEST_LINE_BYTES, linesIn } from './lines.ts';

async function linesOf(text: string, length?: number) {
  const lines: [number, string | undefined][] = [];
  for await (const { number, bytes } of linesIn(pieces(text, length), 1)) {
    lines.push([number, bytes && Buffer.from(bytes).toString()]);
  }
  return lines;
}

describe('the lines of a file', () => {
  it('the lines of a file are the same wherever the pieces of the file end, with or without a last newline', async () => {
    const expected = [
      [1, 'ä'],
      [3, 'b\r'],
      [5, 'c'],
    ];
    for (let length = 1; length < 10; length += 1) {
      expect(await linesOf('ä\n\nb\r\n \t\r\nc', length)).toEqual(expected);
      expect(await linesOf('ä\n\nb\r\n \t\r\nc\n\n', length)).toEqual(expected);
    }
  });

  it('lines are not held in memory when they are too long, and the next ones are read', async () => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    expect(await linesOf(`a\n${long}\nb`, 64 * 1024)).toEqual([
      [1, 'a'],
      [2, undefined],
      [3, 'b'],
    ]);
    expect((await linesOf('x'.repeat(LONGEST_LINE_BYTES), 64 * 1024))[0]?.[1]).toBeDefined();
  });
});

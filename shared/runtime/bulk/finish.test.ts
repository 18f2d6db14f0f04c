import { finishFile } from './finish.ts';

describe('the result of a file', () => {
  it('the result of a file counts the lines of all chunks, and joins the refused ones in the order of the file', async () => {
    const written: string[] = [];
    const report = () => ({ write: async (text: string) => void written.push(text), end: async () => 'payload:x' });
    const result = await finishFile(
      [
        [2001, 5, 1],
        [1, 1000, 0],
        [1001, 998, 2],
      ] as const as never,
      {
        read: async (line) => `${line}\n`,
        report,
      },
    );
    expect(result).toEqual({ submitted: 2003, refused: 3, report: 'payload:x' });
    expect(written).toEqual(['1001\n', '2001\n']);
    expect(await finishFile([[1, 1, 0]], { read: async () => undefined, report })).toEqual({
      submitted: 1,
      refused: 0,
    });
  });
});

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBatch } from './batch-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-'));
function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('the file of a batch', () => {
  it('has a job in each line, whatever ends it, and may begin with a byte order mark and have empty lines', async () => {
    const file = write('good.jsonl', '\uFEFF{"id":"a","input":1}\r\n\n{"input":{"x":null},"runAfter":60}\n');
    expect(await readBatch(file)).toEqual([
      { id: 'a', input: 1 },
      { input: { x: null }, runAfter: 60 },
    ]);
  });

  it('has a list of jobs if its name ends in .json', async () => {
    expect(await readBatch(write('good.json', '[{"input":1},{"input":2}]'))).toEqual([{ input: 1 }, { input: 2 }]);
  });

  it('may be empty', async () => {
    expect(await readBatch(write('empty.jsonl', ''))).toEqual([]);
  });

  it.each([
    ['a.jsonl', '{"input":{}}\n{"input":', 'Line 2 is not JSON.'],
    ['b.jsonl', '{"id":"a"}', 'Line 1 has no "input".'],
    ['c.jsonl', 'null', 'Line 1 has no "input".'],
    ['d.jsonl', '{"input":{},"runafter":"3"}', 'Line 1 has the unknown field "runafter": use input, '],
    ['e.json', '{"input":{}}', 'e.json is not a list of jobs'],
    ['f.json', '[{"input":1},7]', 'Entry 2 has no "input".'],
    ['g.json', '[{', 'g.json cannot be read: '],
  ])('is refused as a whole, with the place: %s with %s', async (name, text, reason) => {
    await expect(readBatch(write(name, text))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason),
    });
  });

  it.each(['/nowhere.jsonl', '/nowhere.json'])('is refused if it is missing: %s', async (file) => {
    await expect(readBatch(file)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`${file} cannot`),
    });
  });
});

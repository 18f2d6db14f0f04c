import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBatch } from './batch-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-'));
function write(name: string, text: string | Buffer): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** What reading a file throws. */
function refusalOf(file: string): unknown {
  try {
    return readBatch(file);
  } catch (error) {
    return error;
  }
}

describe('the file of a batch', () => {
  it('has a job in each line, whatever ends it, and may begin with a byte order mark and have empty lines', () => {
    const file = write('good.jsonl', '\uFEFF{"id":"a","input":1}\r\n\n{"input":{"x":null},"runAfter":60}\n');
    expect(readBatch(file)).toEqual([
      { id: 'a', input: 1 },
      { input: { x: null }, runAfter: 60 },
    ]);
  });

  it('has a list of jobs if its name ends in .json', () => {
    expect(readBatch(write('good.json', '[{"input":1},{"input":2}]'))).toEqual([{ input: 1 }, { input: 2 }]);
  });

  it.each([
    ['exact.jsonl', (entry: string) => entry],
    ['exact.json', (entry: string) => `[${entry}]`],
  ])('keeps the numbers of each input as they were written: %s', (name, list) => {
    const entry = '{"runAfter":6e1,"input":{"__proto__":{"id":7615917337495251231},"price":1.10}}';
    const [job] = readBatch(write(name, list(entry)));
    expect(job?.runAfter).toBe(60);
    expect(JSON.stringify(job?.input)).toBe('{"__proto__":{"id":7615917337495251231},"price":1.10}');
  });

  it('may be empty', () => {
    expect(readBatch(write('empty.jsonl', ''))).toEqual([]);
  });

  it('may have a line separator of Unicode in a text, which does not end its line', () => {
    expect(readBatch(write('separator.jsonl', '{"input":"a\u2028b"}'))).toEqual([{ input: 'a\u2028b' }]);
  });

  it.each([
    ['a.jsonl', '{"input":{}}\n{"input":', 'Line 2 is not JSON.'],
    ['b.jsonl', '{"id":"a"}', 'Line 1 has no "input".'],
    ['c.jsonl', 'null', 'Line 1 has no "input".'],
    ['d.jsonl', '{"input":{},"runafter":"3"}', 'Line 1 has the unknown field "runafter": use input, '],
    ['e.json', '{"input":{}}', 'e.json is not a list of jobs'],
    ['f.json', '[{"input":1},7]', 'Entry 2 has no "input".'],
    ['g.json', '[{', 'g.json cannot be read: '],
    ['h.jsonl', Buffer.from('{"input":"\xfc"}', 'latin1'), 'h.jsonl cannot be read: it is not UTF-8'],
    ['i.json', Buffer.from('[{"input":"\xfc"}]', 'latin1'), 'i.json cannot be read: it is not UTF-8'],
  ])('is refused as a whole, with the place: %s with %s', (name, text, reason) => {
    expect(refusalOf(write(name, text))).toMatchObject({ exitCode: 2, message: expect.stringContaining(reason) });
  });

  it.each(['/nowhere.jsonl', '/nowhere.json'])('is refused if it is missing: %s', (file) => {
    expect(refusalOf(file)).toMatchObject({ exitCode: 2, message: expect.stringContaining(`${file} cannot`) });
  });
});

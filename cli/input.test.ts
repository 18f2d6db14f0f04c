import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInput } from './input.ts';

it('reads a job’s input so that it is sent with the numbers as they were written, and with every name', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'input-')), 'input.json');
  const text = '{"id":7615917337495251231,"price":1.10,"huge":1e400,"none":-0,"__proto__":{"x":[0.1,2]}}';
  writeFileSync(file, text);
  expect(JSON.stringify(readInput(file))).toBe(text);
});

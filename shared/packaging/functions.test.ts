import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionIn } from './functions.ts';

function folderWith(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'function-'));
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
}

describe('a function', () => {
  it('gives every function its own role, even if it needs no permissions', () => {
    expect(functionIn(folderWith('handler.ts', 'function.yml'), '.')).toHaveProperty('iamRoleStatements', []);
  });

  it('gives 256 MB to a function without a function.yml', () => {
    expect(functionIn(folderWith('handler.ts'), '.')).toHaveProperty('memorySize', 256);
  });

  it('does not package a function without a handler.ts and names the file', () => {
    expect(() => functionIn(folderWith('function.yml'), '.')).toThrow('handler.ts');
  });
});

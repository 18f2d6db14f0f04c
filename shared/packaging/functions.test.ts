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
  it('a function has a role of its own even if it asks for no rights', () => {
    expect(functionIn(folderWith('handler.ts', 'function.yml'), '.')).toHaveProperty('iamRoleStatements', []);
  });

  it('a function without a function.yml gets 256 MB', () => {
    expect(functionIn(folderWith('handler.ts'), '.')).toHaveProperty('memorySize', 256);
  });

  it('a folder without a handler.ts does not package, and the file is named', () => {
    expect(() => functionIn(folderWith('function.yml'), '.')).toThrow('handler.ts');
  });
});

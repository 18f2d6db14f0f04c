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
  it('has a role of its own also if it asks for no rights', () => {
    expect(functionIn(folderWith('handler.ts', 'function.yml', 'event.json'), '.')).toHaveProperty(
      'iamRoleStatements',
      [],
    );
  });

  it('without one of its files does not package, and the file is named', () => {
    expect(() => functionIn(folderWith('function.yml'), '.')).toThrow('handler.ts');
    expect(() => functionIn(folderWith('handler.ts'), '.')).toThrow('function.yml');
    expect(() => functionIn(folderWith('handler.ts', 'function.yml'), '.')).toThrow('event.json');
  });
});

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepPackage, keptPackage, packageFolder } from './packages.ts';

/** A tree with one service, as the Serverless CLI leaves it when it has packaged that for a stage. */
function treeWith(stage: string): string {
  const root = mkdtempSync(join(tmpdir(), 'spillway-packages-'));
  mkdirSync(join(root, 'services/sample/.serverless'), { recursive: true });
  mkdirSync(join(root, 'shared'));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'services/sample/handler.ts'), '1');
  const state = JSON.stringify({ service: { provider: { stage } } });
  writeFileSync(join(root, 'services/sample/.serverless/serverless-state.json'), state);
  return root;
}

describe('a package', () => {
  it('is kept until what it was made from changes', () => {
    const root = treeWith('local');
    expect(keptPackage(root, 'sample')).toBeUndefined();
    keepPackage(root, 'sample');
    expect(keptPackage(root, 'sample')).toBe(packageFolder(root, 'sample'));
    writeFileSync(join(root, 'services/sample/handler.ts'), '2');
    expect(keptPackage(root, 'sample')).toBeUndefined();
  });

  it('is not kept if it is for another stage: somebody packaged the service beside us', () => {
    const root = treeWith('solo');
    expect(() => keepPackage(root, 'sample')).toThrow('for the stage solo. Start again.');
    expect(keptPackage(root, 'sample')).toBeUndefined();
  });
});

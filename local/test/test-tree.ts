import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, STATE } from '@spillway/engine/paths.ts';
import { guidedFiles } from './guide-files.ts';

/** Job types of the tests' own, which misbehave as they are told: a standard lane, an ordered one, and a workflow. */
const ROGUES = ['rogue', 'rogue-ordered', 'rogue-workflow'];

/** Where the copy is. */
export const TEST_TREE = join(STATE, 'test-tree');

/**
 * Makes a copy of the repository with more job types in it: those that `docs/add-a-job-type.md` adds, and some that misbehave. The
 * end-to-end tests deploy this copy, so they prove that page.
 *
 * @returns the copy's root
 */
export async function makeTestTree(): Promise<string> {
  const tree = TEST_TREE;
  rmSync(tree, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of listed
    .toString()
    .split('\0')
    .filter((name) => name && existsSync(join(ROOT, name)))) {
    cpSync(join(ROOT, file), join(tree, file));
  }
  for (const name of ROGUES) {
    const from = join(tree, 'shared/testing', name);
    const to = join(tree, 'services/processing/job-types', name);
    cpSync(join(from, 'contract.ts'), join(tree, `shared/contracts/jobs/${name}.ts`));
    cpSync(from, to, { recursive: true });
    rmSync(join(to, 'contract.ts'));
  }
  for (const [file, text] of Object.entries(guidedFiles())) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  linkModules(tree);
  return tree;
}

/** The installed packages, except that the workspaces are the copy's own. */
function linkModules(tree: string) {
  const link = (path: string) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(tree, path));
  };
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@spillway') link(join('node_modules', name));
  }
  const workspaces = [
    'shared',
    'cli',
    'local',
    ...readdirSync(join(ROOT, 'services')).map((name) => `services/${name}`),
  ];
  mkdirSync(join(tree, 'node_modules/@spillway'), { recursive: true });
  for (const workspace of workspaces) {
    symlinkSync(join(tree, workspace), join(tree, 'node_modules/@spillway', workspace.split('/').at(-1) ?? workspace));
    if (existsSync(join(ROOT, workspace, 'node_modules'))) link(join(workspace, 'node_modules'));
  }
}

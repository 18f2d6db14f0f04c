import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LocalError } from '@spillway/engine/errors.ts';
import { ROOT, STATE } from '@spillway/engine/paths.ts';
import { parse, stringify } from 'yaml';
import { type GuideStep, readGuide } from './guide-steps.ts';

/** A copy of the repository, which the end-to-end tests deploy. */
export const TEST_TREE = join(STATE, 'test-tree');

/** Files that are added to the copy: a service whose job types misbehave on request. */
const OVERLAY = join(ROOT, 'local/test/overlay');
const SERVICE = 'misbehaving';
/** A service of the repository that is not part of the product, and that only the tests deploy. */
const EXAMPLE = 'example-subscriber';

/**
 * Makes the test tree: a copy of the repository with the services `misbehaving` and `example-subscriber`, and with the job types that
 * `docs/add-a-job-type.md` adds, so that the end-to-end tests prove that page. Its types are checked.
 *
 * @throws LocalError that shows what does not fit together
 */
export function makeTestTree(): string {
  copyRepository(TEST_TREE);
  cpSync(OVERLAY, TEST_TREE, { recursive: true });
  rmSync(join(TEST_TREE, 'local/test/overlay'), { recursive: true });
  addToCompose();
  linkOwnPackages(TEST_TREE);
  for (const step of readGuide()) follow(step);
  run('tsc', ['--project', '.']);
  return TEST_TREE;
}

/** Copies the repository with its uncommitted files to another folder, in which all commands work as they do here. */
export function copyRepository(tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  for (const name of readdirSync(ROOT).filter(isSource)) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true, filter: (path) => isSource(basename(path)) });
  }
  linkInstalledPackages(tree);
  linkOwnPackages(tree);
}

/** What `.gitignore` lists: folders, and `*.log`. Not by git, because sources may come as an archive. */
const IGNORED = readFileSync(join(ROOT, '.gitignore'), 'utf8').trim().split('\n');

const isSource = (name: string) => name !== '.git' && !IGNORED.includes(`${name}/`) && !name.endsWith('.log');

/**
 * The front door takes the lanes of the misbehaving job types from their service's outputs. The example subscribes to the
 * bus of streams. What is optional in streams is on.
 */
function addToCompose(): void {
  const file = join(TEST_TREE, 'serverless-compose.yml');
  const { services } = parse(readFileSync(file, 'utf8'));
  const { processing, ...others } = services;
  others.streams.params = { ...others.streams.params, kinesis: 'on' };
  others.ingress.dependsOn = [others.ingress.dependsOn, SERVICE].flat();
  const added = { path: `services/${SERVICE}`, dependsOn: 'processing' };
  const example = { path: `services/${EXAMPLE}`, dependsOn: 'streams' };
  writeFileSync(file, stringify({ services: { processing, [SERVICE]: added, ...others, [EXAMPLE]: example } }));
}

function linkInstalledPackages(tree: string): void {
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@spillway') link(join(ROOT, 'node_modules', name), join(tree, 'node_modules', name));
  }
  // packages that npm could not put at the root, because another version of them is there
  for (const nested of globSync('{services,local,services/*,local/*,shared,client,cli,bench}/node_modules', {
    cwd: ROOT,
  })) {
    link(join(ROOT, nested), join(tree, nested));
  }
}

/** Our own packages are the copy's. */
function linkOwnPackages(tree: string): void {
  rmSync(join(tree, 'node_modules/@spillway'), { recursive: true, force: true });
  for (const manifest of globSync('{services/*,local/*,shared,client,cli,bench}/package.json', { cwd: tree })) {
    const { name } = JSON.parse(readFileSync(join(tree, manifest), 'utf8'));
    link(join(tree, dirname(manifest)), join(tree, 'node_modules/@spillway', basename(name)));
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** Follows the guide. */
function follow(step: GuideStep): void {
  if (step.kind === 'run') {
    run(process.execPath, ['cli/spillway.ts', ...step.args]);
    return;
  }
  const file = join(TEST_TREE, step.path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, step.text);
}

/** Runs a command in the test tree. @throws LocalError with what it printed if it fails */
function run(command: string, args: string[]): void {
  const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`;
  try {
    execFileSync(command, args, { cwd: TEST_TREE, env: { ...process.env, PATH: path }, stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new LocalError(
      'TEST_TREE',
      `In the test tree, "${basename(command)} ${args.join(' ')}" failed:\n${stdout}${stderr}`,
    );
  }
}

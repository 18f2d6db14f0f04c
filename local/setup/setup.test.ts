import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FILES = ['bootstrap.mjs', 'prepare.mjs', 'progress.mjs', 'python.mjs', 'run.mjs', 'lock.mjs'];

/** A checkout with nothing installed, and a PATH with nothing but Node and what the test puts there. */
function bareMachine(commands: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'spillway-setup-'));
  const bin = join(root, 'bin');
  for (const folder of [bin, join(root, 'local/engine'), join(root, 'local/setup')])
    mkdirSync(folder, { recursive: true });
  for (const file of FILES) writeFileSync(join(root, 'local/setup', file), readFileSync(join(__dirname, file)));
  for (const file of ['package-lock.json', 'local/engine/requirements.txt']) writeFileSync(join(root, file), '{}');
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const environment = { PATH: bin };
  const args = [join(root, 'local/setup/bootstrap.mjs'), 'command.ts'];
  const start = (more: Record<string, string> = {}) => {
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { ...more, ...environment },
      encoding: 'utf8',
    });
    return { status, lines: stderr.trim().split('\n') };
  };
  return { root, environment, args, start };
}

/** Makes a folder look installed, so that only one installer is left: of two, the first to fail would be named. */
function withInstalled(root: string, folder: 'node_modules' | '.spillway/python') {
  const asked = folder === 'node_modules' ? 'package-lock.json' : 'local/engine/requirements.txt';
  mkdirSync(join(root, folder), { recursive: true });
  if (folder === '.spillway/python') {
    mkdirSync(join(root, folder, 'bin'), { recursive: true });
    writeFileSync(join(root, folder, 'bin/python'), '');
  }
  const digest = createHash('sha256')
    .update(readFileSync(join(root, asked)))
    .digest('hex');
  writeFileSync(join(root, folder, '.spillway-installed'), digest);
}

const PYTHON = 'echo True';
const OLD_PYTHON = 'echo False';

it.each([
  ['there is no Python', {}],
  ['the Python is too old', { python3: OLD_PYTHON, python: OLD_PYTHON }],
])('the set-up ends with one line that says what is missing if %s', (_, commands) => {
  const { status, lines } = bareMachine({ ...commands, npm: 'exit 0' }).start();
  expect([status, lines]).toEqual([1, [expect.stringContaining('needs Python 3.10 or newer')]]);
});

it('the set-up says what to do about a broken download, and keeps what the installer printed in a log', () => {
  const { root, start } = bareMachine({ python3: PYTHON, npm: 'echo no route to the registry; exit 1' });
  withInstalled(root, '.spillway/python');
  const { status, lines } = start();
  expect([status, lines.at(-1)]).toEqual([1, expect.stringMatching(/^npm failed\. Check the network and try again\./)]);
  expect(readFileSync(join(root, '.spillway/npm.log'), 'utf8')).toContain('no route to the registry');
});

it('the set-up names the system package to install if Python has no venv', () => {
  const python3 = 'case "$*" in *venv*) echo ensurepip is not available; exit 1;; *) echo True;; esac';
  const { root, start } = bareMachine({ python3 });
  withInstalled(root, 'node_modules');
  const { status, lines } = start();
  expect([status, lines.at(-1)]).toEqual([1, expect.stringContaining('apt install python3-venv')]);
});

it.each([
  ['everything in a fresh clone', undefined, 'ci'],
  ['only what has changed after a complete install', 'of an older package-lock.json', 'install'],
])('the set-up installs %s', (_, stamp, expected) => {
  const npm = '/bin/mkdir -p node_modules && echo "$1" > npm-command';
  const { root, start } = bareMachine({ python3: PYTHON, npm });
  withInstalled(root, '.spillway/python');
  if (stamp) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.spillway-installed'), stamp);
  }
  start();
  expect(readFileSync(join(root, 'npm-command'), 'utf8').trim()).toBe(expected);
});

it('the set-up says what it installs and when it is done, in plain lines where there is no terminal', () => {
  const { root, start } = bareMachine({ python3: PYTHON, npm: '/bin/mkdir -p node_modules' });
  withInstalled(root, '.spillway/python');
  const lines = start().lines.slice(0, 2);
  expect(lines).toEqual([
    'Installing the npm packages …',
    expect.stringMatching(/^Installing the npm packages ✔ \d+ s$/),
  ]);
});

it('the bootstrap shows its usage if it gets no program to run', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'bootstrap.mjs')], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^Usage: node local\/setup\/bootstrap\.mjs COMMAND/)]);
});

it('the bootstrap names a program that is not installed', () => {
  const { root, environment, args } = bareMachine({});
  withInstalled(root, 'node_modules');
  withInstalled(root, '.spillway/python');
  const [bootstrap = ''] = args;
  const { status, stderr } = spawnSync(process.execPath, [bootstrap, 'dance'], { env: environment, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, 'There is no program "dance" among the installed packages.\n']);
});

it('a set-up that is interrupted ends its installers and releases its lock', async () => {
  // like npm, which continues after a signal
  const npm = "trap '' INT TERM HUP; echo > began; until [ -e go-on ]; do /bin/sleep 0.1; done; echo > went-on";
  const { root, environment, args } = bareMachine({ python3: PYTHON, npm });
  withInstalled(root, '.spillway/python');
  const child = spawn(process.execPath, args, { env: environment });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!existsSync(join(root, 'began'))) await sleep(20);
  child.kill('SIGTERM');
  expect([await ended, existsSync(join(root, '.spillway/setup.lock'))]).toEqual([143, false]);
  writeFileSync(join(root, 'go-on'), '');
  await sleep(500);
  expect(existsSync(join(root, 'went-on'))).toBe(false);
});

it('the set-up takes over the lock of a killed one, and repeats an install that did not finish', () => {
  const { root, start } = bareMachine({ python3: PYTHON, npm: 'exit 1' });
  mkdirSync(join(root, '.spillway'));
  // beyond the largest process id of Linux and macOS
  writeFileSync(join(root, '.spillway/setup.lock'), String(2 ** 22 + 1));
  expect(start().lines).toContain('Installing the npm packages …');
  expect(start().lines).toContain('Installing the npm packages …');
});

it.each([
  ['was removed', 'python3.9', ['bin']],
  ['has another version', 'python3.13', ['bin', 'lib/python3.12', 'there']],
])('the set-up installs the engine again after the Python below it %s', (_, name, folders) => {
  const { root, start } = bareMachine({ python3: 'case "$1" in -c) echo True;; *) exit 1;; esac' });
  withInstalled(root, 'node_modules');
  withInstalled(root, '.spillway/python');
  const venv = join(root, '.spillway/python');
  rmSync(join(venv, 'bin/python'));
  for (const folder of folders) mkdirSync(join(venv, folder), { recursive: true });
  if (folders.includes('there')) writeFileSync(join(venv, 'there', name), '');
  symlinkSync(join(venv, 'there', name), join(venv, 'bin/python'));
  expect(start().lines).toContain('Installing the engine …');
});

it('a proxy is never used for this machine, whatever else NO_PROXY says', () => {
  const { root, start } = bareMachine({});
  withInstalled(root, 'node_modules');
  withInstalled(root, '.spillway/python');
  writeFileSync(join(root, 'command.ts'), 'console.error(process.env.no_proxy)');
  const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://192.0.2.1:3128' };
  expect(start(proxy).lines).toEqual(['127.0.0.1']);
  expect(start({ ...proxy, NO_PROXY: 'example.com' }).lines).toEqual(['127.0.0.1,example.com']);
});

it("the shell's settings for its own Python reach neither the set-up nor the command", () => {
  const python3 = 'case "$1" in -c) echo True;; *) echo "$1 $PYTHONPATH$PYTHONHOME"; exit 1;; esac';
  const { root, start } = bareMachine({ python3 });
  withInstalled(root, 'node_modules');
  const odd = { PYTHONPATH: '/opt/packages', PYTHONHOME: '/opt/python' };
  start(odd);
  expect(readFileSync(join(root, '.spillway/python-venv.log'), 'utf8').trim()).toBe('-m');
  withInstalled(root, '.spillway/python');
  writeFileSync(join(root, 'command.ts'), 'console.error(process.env.PYTHONPATH, process.env.PYTHONHOME)');
  expect(start(odd).lines).toEqual(['undefined undefined']);
});

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BOOTSTRAP = join(__dirname, 'bootstrap.mjs');

/** A checkout with nothing installed, and a PATH with nothing but Node and what the test puts there. */
function bareMachine(commands: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'spillway-setup-'));
  const bin = join(root, 'bin');
  for (const folder of [bin, join(root, 'local/engine'), join(root, 'local/setup'), join(root, 'local/demo')])
    mkdirSync(folder, { recursive: true });
  for (const file of ['bootstrap.mjs', 'prepare.mjs', 'python.mjs', 'run.mjs', 'lock.mjs']) {
    writeFileSync(join(root, 'local/setup', file), readFileSync(join(dirname(BOOTSTRAP), file)));
  }
  for (const file of ['package-lock.json', 'local/engine/requirements.txt']) writeFileSync(join(root, file), '{}');
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const environment = { PATH: bin };
  const start = (more: Record<string, string> = {}) => {
    const args = [join(root, 'local/setup/bootstrap.mjs'), 'start'];
    const env = { ...more, ...environment };
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return { status, lines: stderr.trim().split('\n') };
  };
  return { root, environment, start };
}

/** Has a folder look installed, so that one installer is left: the one that fails first would be the one that is named. */
function withInstalled(root: string, folder: 'node_modules' | '.spillway/python') {
  const asked = folder === 'node_modules' ? 'package-lock.json' : 'local/engine/requirements.txt';
  mkdirSync(join(root, folder), { recursive: true });
  const digest = createHash('sha256')
    .update(readFileSync(join(root, asked)))
    .digest('hex');
  writeFileSync(join(root, folder, '.spillway-installed'), digest);
}

const PYTHON = 'echo True';
const OLD_PYTHON = 'echo False';

describe('a set-up that cannot go on says why in one line, and ends with 1', () => {
  it.each([
    ['no Python', {}],
    ['a Python that is too old', { python3: OLD_PYTHON, python: OLD_PYTHON }],
  ])('%s', (_, commands) => {
    const { status, lines } = bareMachine({ ...commands, npm: 'exit 0' }).start();
    expect([status, lines]).toEqual([1, [expect.stringContaining('needs Python 3.10 or newer')]]);
  });

  it('a broken download, with the mend and the log of what the installer said', () => {
    const { root, start } = bareMachine({ python3: PYTHON, npm: 'echo no route to the registry; exit 1' });
    withInstalled(root, '.spillway/python');
    const { status, lines } = start();
    expect([status, lines.at(-1)]).toEqual([
      1,
      expect.stringMatching(/^npm failed\. Check the network and try again\./),
    ]);
    expect(readFileSync(join(root, '.spillway/npm.log'), 'utf8')).toContain('no route to the registry');
  });

  it('a Python without venv', () => {
    const python3 = 'case "$*" in *venv*) echo ensurepip is not available; exit 1;; *) echo True;; esac';
    const { root, start } = bareMachine({ python3 });
    withInstalled(root, 'node_modules');
    const { status, lines } = start();
    expect([status, lines.at(-1)]).toEqual([1, expect.stringContaining('apt install python3-venv')]);
  });

  it('a command that is none', () => {
    const { status, stderr } = spawnSync(process.execPath, [BOOTSTRAP, 'dance'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^Say what to run: start, test/)]);
  });
});

it('a set-up that is told to end takes its installers with it, and its turn', async () => {
  // npm goes on after a signal
  const npm = "trap '' INT TERM HUP; echo > began; /bin/sleep 1; echo > went-on";
  const { root, environment } = bareMachine({ python3: PYTHON, npm });
  withInstalled(root, '.spillway/python');
  const child = spawn(process.execPath, [join(root, 'local/setup/bootstrap.mjs'), 'start'], { env: environment });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!existsSync(join(root, 'began'))) await sleep(20);
  child.kill('SIGTERM');
  expect([await ended, existsSync(join(root, '.spillway/setup.lock'))]).toEqual([143, false]);
  await sleep(1500);
  expect(existsSync(join(root, 'went-on'))).toBe(false);
});

it('a set-up takes over the turn of one that was killed, and tries again what did not end', () => {
  const { root, start } = bareMachine({ python3: PYTHON, npm: 'exit 1' });
  mkdirSync(join(root, '.spillway'));
  // beyond the largest process id of Linux and macOS
  writeFileSync(join(root, '.spillway/setup.lock'), String(2 ** 22 + 1));
  expect(start().lines).toContain('Installing the npm packages …');
  expect(start().lines).toContain('Installing the npm packages …');
});

it('a proxy is none for this machine, whatever else goes around it', () => {
  const { root, start } = bareMachine({});
  withInstalled(root, 'node_modules');
  withInstalled(root, '.spillway/python');
  writeFileSync(join(root, 'local/demo/start.ts'), 'console.error(process.env.no_proxy)');
  const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://192.0.2.1:3128' };
  expect(start(proxy).lines).toEqual(['127.0.0.1']);
  expect(start({ ...proxy, NO_PROXY: 'example.com' }).lines).toEqual(['127.0.0.1,example.com']);
});

it('what a shell says to its own Python reaches neither the set-up nor what comes after it', () => {
  const python3 = 'case "$*" in *-c*) echo True;; *) echo "$1 $PYTHONPATH$PYTHONHOME"; exit 1;; esac';
  const { root, start } = bareMachine({ python3 });
  withInstalled(root, 'node_modules');
  const odd = { PYTHONPATH: '/opt/packages', PYTHONHOME: '/opt/python' };
  start(odd);
  expect(readFileSync(join(root, '.spillway/python-venv.log'), 'utf8').trim()).toBe('-m');
  withInstalled(root, '.spillway/python');
  writeFileSync(join(root, 'local/demo/start.ts'), 'console.error(process.env.PYTHONPATH, process.env.PYTHONHOME)');
  expect(start(odd).lines).toEqual(['undefined undefined']);
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from './python.mjs';
import { run } from './run.mjs';

/**
 * Installs what package-lock.json and requirements.txt ask for, if that changed since the last time. A stamp is written
 * last, so what was interrupted is done again.
 */
export async function prepare(root) {
  const needed = [npmPackages(root), pythonPackages(root)].filter(({ stamp, digest }) => read(stamp) !== digest);
  if (needed.length === 0) return;
  mkdirSync(join(root, '.spillway'), { recursive: true });
  const unlock = await lock(join(root, '.spillway/setup.lock'));
  try {
    const results = await Promise.allSettled(needed.filter(({ stamp, digest }) => read(stamp) !== digest).map(install));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    unlock();
  }
}

async function install({ name, work, stamp, digest }) {
  console.error(`Installing ${name} …`);
  await work();
  writeFileSync(stamp, digest);
}

const npmPackages = (root) => ({
  name: 'the npm packages',
  stamp: join(root, 'node_modules/.spillway-installed'),
  digest: digestOf(join(root, 'package-lock.json')),
  // no package of ours needs its install script
  work: () => run(root, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], 'npm'),
});

const pythonPackages = (root) => {
  const requirements = join(root, 'local/engine/requirements.txt');
  const venv = join(root, '.spillway/python');
  return {
    name: 'the engine',
    stamp: join(venv, '.spillway-installed'),
    digest: digestOf(requirements),
    async work() {
      const python = findPython();
      rmSync(venv, { recursive: true, force: true });
      await run(root, python, ['-m', 'venv', venv], 'python-venv', 'On Debian and Ubuntu: apt install python3-venv.');
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--require-hashes',
        '--requirement',
      ];
      await run(root, join(venv, 'bin/python'), [...pip, requirements], 'pip');
    },
  };
};

const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Waits for another setup that is under way; the lock of a process that is gone is taken over. */
async function lock(file) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAlive(Number(read(file)))) await new Promise((resolve) => setTimeout(resolve, 200));
      else rmSync(file, { force: true });
    }
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

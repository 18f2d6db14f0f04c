import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { findPython } from './python.mjs';
import { run } from './run.mjs';

/** With the code that shells give: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
/** By `exit`, so that the installers end, too. */
const leave = (signal) => process.exit(SIGNALS[signal]);

/**
 * Installs what package-lock.json and requirements.txt ask for, if that changed since the last time. A stamp is written
 * last, so what was interrupted is done again.
 */
export async function prepare(root) {
  const isMissing = ({ stamp, digest }) => read(stamp) !== digest;
  const needed = [npmPackages(root), pythonPackages(root)].filter(isMissing);
  if (needed.length === 0) return;
  // what is not on this machine is said at once, not after the downloads
  for (const { check } of needed) check();
  for (const signal of Object.keys(SIGNALS)) process.on(signal, leave);
  try {
    await withLock(join(root, '.spillway/setup.lock'), () => installAll(needed.filter(isMissing)));
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.removeListener(signal, leave);
  }
}

/** Side by side; the first failure ends the others. */
async function installAll(packages) {
  const controller = new AbortController();
  const installs = packages.map((each) => install(each, controller.signal));
  try {
    await Promise.all(installs);
  } finally {
    controller.abort();
    await Promise.allSettled(installs);
  }
}

async function install({ name, work, stamp, digest }, signal) {
  console.error(`Installing ${name} …`);
  await work(signal);
  writeFileSync(stamp, digest);
}

// npm would wait up to a minute between its tries: too long to be told that there is no network
const NPM_RETRIES = ['--fetch-retry-mintimeout', '1000', '--fetch-retry-maxtimeout', '5000'];

const npmPackages = (root) => ({
  name: 'the npm packages',
  stamp: join(root, 'node_modules/.spillway-installed'),
  digest: digestOf(join(root, 'package-lock.json')),
  check() {},
  work(signal) {
    // no package of ours needs its install script
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
    return run(root, 'npm', ['ci', ...quietly, ...NPM_RETRIES], { name: 'npm', signal });
  },
});

const pythonPackages = (root) => {
  const requirements = join(root, 'local/engine/requirements.txt');
  const venv = join(root, '.spillway/python');
  return {
    name: 'the engine',
    stamp: join(venv, '.spillway-installed'),
    digest: digestOf(requirements),
    check: findPython,
    async work(signal) {
      rmSync(venv, { recursive: true, force: true });
      const mend = 'On Debian and Ubuntu: apt install python3-venv.';
      await run(root, findPython(), ['-m', 'venv', venv], { name: 'python-venv', mend, signal });
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--retries',
        '2',
        '--require-hashes',
        '--requirement',
      ];
      await run(root, join(venv, 'bin/python'), [...pip, requirements], { name: 'pip', signal });
    },
  };
};

const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

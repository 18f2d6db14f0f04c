import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withLock } from './lock.mjs';
import { showProgress } from './progress.mjs';
import { findPython } from './python.mjs';
import { run } from './run.mjs';

/** The exit codes that shells use for these signals: 128 plus the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
/** Calls `exit`, so that the installers end, too. */
const leave = (signal) => process.exit(SIGNALS[signal]);

/**
 * Installs what package-lock.json and requirements.txt ask for if they have changed since the last time. A stamp is
 * written last, so an interrupted install is repeated.
 */
export async function prepare(root) {
  const isMissing = ({ stamp, digest, works }) => read(stamp) !== digest || !works();
  const needed = [npmPackages(root), pythonPackages(root)].filter(isMissing);
  if (needed.length === 0) return;
  // report at once what this machine lacks, not after the downloads
  for (const { check } of needed) check();
  for (const signal of Object.keys(SIGNALS)) process.on(signal, leave);
  try {
    await withLock(join(root, '.spillway/setup.lock'), () => installAll(needed.filter(isMissing)));
  } finally {
    for (const signal of Object.keys(SIGNALS)) process.removeListener(signal, leave);
  }
}

/** Installs everything at the same time. The first failure ends the others. */
async function installAll(packages) {
  if (packages.length === 0) return;
  const controller = new AbortController();
  const steps = packages.map(({ name }) => ({ name: `Installing ${name}` }));
  const progress = showProgress(steps);
  const installs = packages.map(async ({ work, stamp, digest }, index) => {
    const step = steps[index];
    try {
      await work(controller.signal, (detail) => {
        step.detail = detail;
      });
      writeFileSync(stamp, digest);
      progress.end(step);
    } catch (error) {
      progress.end(step, true);
      throw error;
    }
  });
  try {
    await Promise.all(installs);
  } finally {
    controller.abort();
    await Promise.allSettled(installs);
    progress.stop();
  }
}

// npm would wait up to a minute between its tries: too long to learn that there is no network
const NPM_RETRIES = ['--fetch-retry-mintimeout', '1000', '--fetch-retry-maxtimeout', '5000'];

const npmPackages = (root) => {
  const stamp = join(root, 'node_modules/.spillway-installed');
  return {
    name: 'the npm packages',
    stamp,
    digest: digestOf(join(root, 'package-lock.json')),
    works: () => true,
    check() {},
    work(signal, show) {
      // `npm ci` installs everything anew, which takes a minute; after a complete install, only what has changed is needed
      const isComplete = existsSync(stamp);
      rmSync(stamp, { force: true });
      // no package of ours needs its install script; at this log level npm prints a line for each thing that it fetches
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'http'];
      const total = packagesIn(root);
      let packages = 0;
      const onLine = (line) => {
        if (!/ http (fetch|cache) /.test(line)) return;
        if (line.includes('.tgz')) packages = Math.min(packages + 1, total);
        show(packages === 0 ? 'looking packages up' : `${packages}${isComplete ? '' : ` of ${total}`} packages`);
      };
      const command = isComplete ? 'install' : 'ci';
      return run(root, 'npm', [command, ...options, ...NPM_RETRIES], { name: 'npm', signal, onLine });
    },
  };
};

/** How many packages an install downloads, without those of other platforms. */
function packagesIn(root) {
  const { packages = {} } = JSON.parse(read(join(root, 'package-lock.json')));
  return Object.entries(packages).filter(
    ([folder, { link, optional }]) => folder.includes('node_modules/') && !link && !optional,
  ).length;
}

const pythonPackages = (root) => {
  const requirements = join(root, 'local/engine/requirements.txt');
  const venv = join(root, '.spillway/python');
  const total = read(requirements).match(/^\S+==/gm)?.length;
  return {
    name: 'the engine',
    stamp: join(venv, '.spillway-installed'),
    digest: digestOf(requirements),
    works: () => hasItsPython(venv),
    check: findPython,
    async work(signal, show) {
      rmSync(venv, { recursive: true, force: true });
      const remedy = 'On Debian and Ubuntu: apt install python3-venv.';
      await run(root, findPython(), ['-m', 'venv', venv], { name: 'python-venv', remedy, signal });
      const options = ['--disable-pip-version-check', '--retries', '2', '--require-hashes', '--requirement'];
      let collected = 0;
      const onLine = (line) => {
        if (line.startsWith('Installing collected')) show('unpacking');
        if (!line.startsWith('Collecting ')) return;
        collected += 1;
        show(`${collected} of ${total} packages`);
      };
      const args = ['-m', 'pip', 'install', ...options, requirements];
      await run(root, join(venv, 'bin/python'), args, { name: 'pip', signal, onLine });
    },
  };
};

/** Whether the Python that a virtual environment was made with is still there, and has the same version. */
function hasItsPython(venv) {
  const python = join(venv, 'bin/python');
  if (!existsSync(python)) return false;
  const version = /^python3\.\d+$/.exec(basename(realpathSync(python)))?.[0];
  return version === undefined || existsSync(join(venv, 'lib', version));
}

const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

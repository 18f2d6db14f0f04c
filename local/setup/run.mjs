import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs an installer. If it fails, its output goes to a log; otherwise it is dropped.
 *
 * @param {string} root
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.name names the log
 * @param {AbortSignal} options.signal ends it at once
 * @param {(line: string) => void} [options.onLine] sees each line that it prints
 * @param {string} [options.remedy]
 * @throws Error of one line: what failed, what to do, and where the log is
 */
export async function run(root, command, args, { name, signal, onLine, remedy = 'Check the network and try again.' }) {
  // in its own process group, which ends with us: npm continues after a Ctrl-C and would overwrite later files
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has just ended, or never started
    }
  };
  signal.addEventListener('abort', end);
  process.once('exit', end);
  const output = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      onLine?.(line);
    });
  }
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(error.message);
      resolve(1);
    });
    child.on('close', resolve);
  });
  signal.removeEventListener('abort', end);
  process.removeListener('exit', end);
  if (code === 0) return;
  const log = join(root, '.spillway', `${name}.log`);
  mkdirSync(join(root, '.spillway'), { recursive: true });
  writeFileSync(log, `${output.join('\n')}\n`);
  throw new Error(`${name} failed. ${remedy} Its output is in ${log}.`);
}

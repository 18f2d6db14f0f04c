import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs an installer quietly; what it printed is kept in a log.
 *
 * @param options.signal ends it at once
 * @throws Error of one line: what failed, the mend, and the log
 */
export async function run(root, command, args, { name, signal, mend = 'Check the network and try again.' }) {
  // a process group of its own, which ends with us: npm goes on after a Ctrl-C, and would write between what comes next
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has just ended, or never began
    }
  };
  signal.addEventListener('abort', end);
  process.once('exit', end);
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output.push(Buffer.from(error.message));
      resolve(1);
    });
    child.on('close', resolve);
  });
  signal.removeEventListener('abort', end);
  process.removeListener('exit', end);
  if (code === 0) return;
  const log = join(root, '.spillway', `${name}.log`);
  mkdirSync(join(root, '.spillway'), { recursive: true });
  writeFileSync(log, Buffer.concat(output));
  throw new Error(`${name} failed. ${mend} What it said is in ${log}.`);
}

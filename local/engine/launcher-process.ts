import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** The engine's program; its only argument is the port. */
export const LAUNCHER = join(ROOT, 'local/engine/launcher.py');

/** Whether a recorded launcher is still running. Process ids are reused, even by another clone's engine on another port. */
export const isLauncher = ({ pid, port }: { pid: number; port: number }): boolean =>
  readCommand(pid).endsWith(`${LAUNCHER} ${port}`);

/** The command line of a running process; empty if there is no such process. */
function readCommand(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
  // not by ps, which small images lack
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

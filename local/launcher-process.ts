import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** The program that an engine is; its one argument is the port. */
export const LAUNCHER = join(ROOT, 'local/engine/launcher.py');

/** Whether a recorded launcher still lives: process ids are used again, also by another clone's engine on another port. */
export const isLauncher = ({ pid, port }: { pid: number; port: number }): boolean =>
  commandOf(pid).endsWith(`${LAUNCHER} ${port}`);

/** A living process's command line; empty if there is none. */
function commandOf(pid: number): string {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
  // without ps, which small images lack
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** The engine's program; its arguments are the port and the engine's id. */
export const LAUNCHER = join(ROOT, 'local/engine/launcher.py');

/** Whether an engine is still running. Process ids and ports are reused, also by a later engine of the same name. */
export const isRunning = ({ pid, port, id }: { pid: number; port: number; id: string }): boolean =>
  readCommand(pid).endsWith(`${LAUNCHER} ${port} ${id}`);

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

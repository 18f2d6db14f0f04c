import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineEnvironment } from './engine-environment.ts';
import { PYTHON, ROOT } from './paths.ts';

/** The engine's program; its arguments are the port and the engine's id. */
const LAUNCHER = join(ROOT, 'local/engine/launcher.py');

const START_TIMEOUT_MS = 30_000;

interface Launch {
  port: number;
  id: string;
  endpoint: string;
  /** Where the engine may write. */
  folder: string;
  logFile: string;
  /** Whether it starts with the state that is in the folder, and saves it when it stops. */
  keep: boolean;
}

/** Starts the engine's program, which goes on when this process ends. */
export function startLauncher({ port, id, endpoint, folder, logFile, keep }: Launch): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(PYTHON, [LAUNCHER, String(port), id], {
    // in its own process group, so that Ctrl-C reaches only us: we stop the burst first, then the engine
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...engineEnvironment(endpoint),
      MINISTACK_HOST: '127.0.0.1',
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      // IAM is enforced for every caller and every function's role
      AUTH: 'true',
      // signing keys are written there even if no other state is kept
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 'state/s3'),
      PERSIST_STATE: keep ? '1' : '0',
      S3_PERSIST: keep ? '1' : '0',
      // each worker unpacks its code into a new folder, so a cache keyed by path would only grow, by 0.5 MB a worker
      NODE_COMPILE_CACHE: undefined,
      PYTHONDONTWRITEBYTECODE: '1',
      TMPDIR: join(folder, 'tmp'),
    },
  });
  closeSync(log);
  child.unref();
  return child;
}

/** Whether the engine answers in time. @returns false at once if its program ends */
export async function isUp(endpoint: string, child: ChildProcess): Promise<boolean> {
  // `error` if there is no such program
  const exited = new Promise<false>((resolve) =>
    child.once('exit', () => resolve(false)).once('error', () => resolve(false)),
  );
  return Promise.race([answers(endpoint), exited]);
}

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

async function answers(endpoint: string): Promise<boolean> {
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end) {
    try {
      if ((await fetch(`${endpoint}/_ministack/health`)).ok) return true;
    } catch {
      // not listening yet
    }
    await sleep(50);
  }
  return false;
}

/** Kills what is left: a launcher that hangs, and Lambda workers that it had just started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing is left
  }
}

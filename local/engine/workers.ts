import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A Lambda worker of an engine: a Node process that runs one function. */
export interface Worker {
  pid: number;
  /** The function's name on the stage, such as `csv-import`. */
  functionName: string;
  /** The processor time that it has used, in an unknown unit. */
  cpuTime: number;
}

/** The folder of a worker, which is named after its function and ends in eight random characters. */
const FOLDER = /\/ministack-lambda-[a-z0-9-]+?-local-([a-z0-9-]+)-\w{8}\//;

/** The workers that an engine is running, according to `ps`, which works on Linux and macOS. */
export function listWorkers(enginePid: number): Worker[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time=,command='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, time = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const functionName = FOLDER.exec(command)?.[1];
    if (Number(parent) !== enginePid || !functionName) return [];
    return [{ pid: Number(pid), functionName, cpuTime: cpuTimeOf(Number(pid), time) }];
  });
}

/** Linux's `ps` knows only whole seconds. */
function cpuTimeOf(pid: number, time: string): number {
  if (process.platform !== 'linux') return Number(time.replaceAll(/[^\d]/g, ''));
  try {
    // user and system time, counted from behind the command's name, which may have spaces
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return Number(user) + Number(system);
  } catch {
    return 0;
  }
}

/** The most memory that a worker has used so far, in MiB; where there is no `/proc`, what it uses now. 0 if it has ended. */
export function peakMemoryMiB({ pid }: Worker): number {
  try {
    const kilobytes =
      process.platform === 'linux'
        ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        : execFileSync('ps', ['-p', String(pid), '-o', 'rss='], { encoding: 'utf8' });
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Sends a signal to a worker. @returns false if it has ended */
export function signal({ pid }: Worker, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Kills all workers at once, as a crash would, whatever they are doing. @returns how many there were */
export const killWorkers = (enginePid: number): number =>
  listWorkers(enginePid).filter((worker) => signal(worker, 'SIGKILL')).length;

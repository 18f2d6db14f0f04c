import { execFileSync } from 'node:child_process';

/** A Lambda worker of an engine: a Node process that runs one function. */
interface Worker {
  pid: number;
  parent: number;
  command: string;
}

/** The workers that an engine is running, according to `ps`, which works on Linux and macOS. */
function listWorkers(enginePid: number): Worker[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n');
  const all = lines.map((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  return all.filter(({ parent, command }) => parent === enginePid && /\bnode\b/.test(command));
}

/** Kills workers at once, as a crash would, whatever they are doing. @returns how many there were */
export function killWorkers(enginePid: number): number {
  const workers = listWorkers(enginePid);
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  return workers.length;
}

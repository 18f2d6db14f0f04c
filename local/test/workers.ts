import { setTimeout as sleep } from 'node:timers/promises';
import { listWorkers, peakMemoryMiB, signal } from '@spillway/engine/workers.ts';
import { engine } from './deployed.ts';

const LOOK_EVERY_MS = 250;

const workersOf = (functions: readonly string[]) =>
  listWorkers(engine.pid).filter(({ functionName }) => functions.includes(functionName));

/** Kills all workers of a function, as a crash would. @returns how many there were */
export const killWorkersOf = (functionName: string): number =>
  workersOf([functionName]).filter((worker) => signal(worker, 'SIGKILL')).length;

/**
 * Watches the workers of functions while something is done.
 *
 * @param functions their names on the stage, such as `csv-import`
 * @returns what was done, and the most memory that one of the workers had used by then, in MiB
 * @throws Error if no worker of these functions was seen
 */
export async function withPeakMemory<Result>(
  functions: readonly string[],
  work: () => Promise<Result>,
): Promise<{ result: Result; peakMiB: number }> {
  let peakMiB = 0;
  const look = () => {
    peakMiB = Math.max(peakMiB, ...workersOf(functions).map(peakMemoryMiB));
  };
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      look();
      await sleep(LOOK_EVERY_MS);
    }
  })();
  try {
    const result = await work();
    look();
    if (peakMiB === 0) throw new Error(`no worker of ${functions.join(', ')} was seen`);
    return { result, peakMiB };
  } finally {
    done.abort();
    await watching;
  }
}

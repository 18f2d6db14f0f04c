import { setTimeout as sleep } from 'node:timers/promises';
import { listWorkers, signal, type Worker } from '@spillway/engine/workers.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import type { Fault, FaultKind } from './plan.ts';

/** How many faults hit a worker, by kind, and how many of these workers were busy. */
export type Hits = Record<FaultKind, number> & { busy: number };

/** Between two looks at the workers' processor time. */
const OBSERVE_MS = 60;
/** When no worker is running. */
const WAIT_MS = 200;
/** So often a fault looks for a busy worker, before it hits one that is not busy: in all for at least three seconds. */
const LOOKS = 50;
/** How long a frozen worker stands still. */
const FREEZE_MS = { shortest: 200, longest: 3000 };
/** After the end of its lease, a late worker is still frozen for this long. */
const LATE_MS = { shortest: 500, longest: 4000 };

/** A function whose workers are broken. */
export interface Breakable {
  /** Its name on the stage, such as `csv-import`. */
  name: string;
  /** After how many seconds a frozen worker is late, because what it holds is given to another one. */
  lateAfterSeconds: number;
}

/** The consumers of job types, each late when the lease of its job has ended. */
export const consumersOf = (jobTypes: readonly JobType[]): Breakable[] =>
  jobTypes.map((jobType) => ({ name: jobType.name, lateAfterSeconds: laneOf(jobType).leaseSeconds }));

/**
 * Breaks functions by a plan, aiming at busy workers, until the plan or the work ends.
 *
 * @returns what the faults hit: each of them one worker, unless the work ended before
 */
export async function injectFaults(
  enginePid: number,
  functions: readonly Breakable[],
  plan: readonly Fault[],
  stop: AbortSignal,
): Promise<Hits> {
  const hits: Hits = { kill: 0, freeze: 0, late: 0, busy: 0 };
  const frozen = new Map<Worker, Promise<unknown>>();
  try {
    for (const fault of plan) {
      await sleep(fault.afterMs);
      const victim = await hit(enginePid, functions, fault, stop);
      if (!victim) break;
      hits[fault.kind] += 1;
      if (victim.busy) hits.busy += 1;
      if (fault.kind !== 'kill')
        frozen.set(victim.worker, thaw(victim.worker, lengthOf(fault, victim.lateAfterSeconds)));
    }
    await Promise.all(frozen.values());
    return hits;
  } finally {
    for (const worker of frozen.keys()) signal(worker, 'SIGCONT');
  }
}

async function thaw(worker: Worker, afterMs: number): Promise<void> {
  await sleep(afterMs);
  signal(worker, 'SIGCONT');
}

function lengthOf({ kind, length }: Fault, lateAfterSeconds: number): number {
  const { shortest, longest } = kind === 'freeze' ? FREEZE_MS : LATE_MS;
  return shortest + length * (longest - shortest) + (kind === 'late' ? lateAfterSeconds * 1000 : 0);
}

/** Hits one of the workers that are busy, or if none is for a while, one of all. @returns undefined when the work has ended */
async function hit(enginePid: number, functions: readonly Breakable[], { kind, pick }: Fault, stop: AbortSignal) {
  for (let looks = 1; !stop.aborted; looks += 1) {
    const found = await lookAtWorkers(enginePid, functions);
    const busy = found.filter((each) => each.busy);
    const candidates = busy.length > 0 || looks < LOOKS ? busy : found;
    const victim = candidates[Math.floor(pick * candidates.length)];
    // it may have ended since
    if (victim && signal(victim.worker, kind === 'kill' ? 'SIGKILL' : 'SIGSTOP')) return victim;
    if (found.length === 0) await sleep(WAIT_MS);
  }
  return undefined;
}

/** The workers of functions. One is busy if it uses the processor in the time of a look. */
async function lookAtWorkers(enginePid: number, functions: readonly Breakable[]) {
  const before = new Map(listWorkers(enginePid).map(({ pid, cpuTime }) => [pid, cpuTime]));
  await sleep(OBSERVE_MS);
  return listWorkers(enginePid).flatMap((worker) => {
    const { lateAfterSeconds } = functions.find(({ name }) => name === worker.functionName) ?? {};
    if (lateAfterSeconds === undefined) return [];
    return [{ worker, lateAfterSeconds, busy: worker.cpuTime > (before.get(worker.pid) ?? 0) }];
  });
}

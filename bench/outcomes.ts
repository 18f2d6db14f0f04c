import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import type { Arrival } from './delays.ts';
import { JOB_TYPE } from './pipe.ts';

const LOOK_EVERY_MS = 5;
/** Many times longer than the slowest of these things takes. */
const TIMEOUT_MS = 300_000;

/** Submits a job and waits until its outcome has come. */
export async function submitAndHear(door: FrontDoor, arrivals: ReadonlyMap<string, Arrival>): Promise<Arrival> {
  const jobId = randomUUID();
  const { status } = await door.submit(JOB_TYPE.name, JOB_TYPE.example.input, { jobId });
  if (status !== 202) throw new LocalError('REFUSED', `The front door refused a job: ${status}`);
  return until('the outcome of a job', () => arrivals.get(jobId));
}

/** Looks again and again. @throws LocalError after five minutes */
export async function until<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
): Promise<Found> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await sleep(LOOK_EVERY_MS)) {
    const found = await look();
    if (found) return found;
  }
  throw new LocalError('TOO_SLOW', `${what} did not come within ${TIMEOUT_MS / 1000} s`);
}

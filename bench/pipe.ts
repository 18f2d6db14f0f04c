import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { settledOnBus, watchBus } from '@spillway/demo/burst/bus.ts';
import { decider } from '@spillway/demo/burst/decider.ts';
import { inputOf } from '@spillway/demo/burst/inputs.ts';
import { sendBurst } from '@spillway/demo/burst/send.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import type { Deployed } from './deployed-engine.ts';

/** The inline job type whose calls and throughput are measured, with the inputs of the demo burst. */
export const JOB_TYPE = csvImport;

const POLL_EVERY_MS = 50;
/** Many times longer than a burst takes on a busy machine. */
const TIMEOUT_MS = 120_000;

/** Numbers the jobs of all bursts of a run, so that no id is used twice. */
let first = 0;

interface Pipe {
  jobType?: JobType;
  /** Where webhooks are delivered. */
  sinkUrl?: string;
  /** Makes the n-th input. */
  input?: typeof inputOf;
}

/** A burst that is over. */
interface Ran {
  /** Milliseconds from the first submit to the last job's `settledAt`. */
  ms: number;
  /** The events that were published. */
  events: number;
}

/**
 * Sends a burst of one job type through the front door, as `npm start` does, decides about those that ask, and waits
 * until all jobs are settled.
 *
 * @throws LocalError if a job did not succeed in time
 */
export async function runPipe(
  { stage, tenant, outputs }: Deployed,
  count: number,
  { jobType = JOB_TYPE, sinkUrl = '', input = inputOf }: Pipe = {},
): Promise<Ran> {
  const door = frontDoor(stage, { token: tokenSource(stage, tenant), apiKey: tenant.apiKey });
  const decisions = decider(door);
  const bus = watchBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'), undefined, { waits: decisions.decide });
  const start = Date.now();
  await sendBurst({ door, jobTypes: [jobType], count, first, sinkUrl, input, accepted: () => {} });
  first += count;
  while (settledOnBus(bus.seen) < count && Date.now() - start < TIMEOUT_MS) {
    await Promise.race([sleep(POLL_EVERY_MS), decisions.failed]);
  }
  await bus.stop();
  // what another outcome costs is not what a benchmark asks
  const { SUCCEEDED } = bus.seen.outcomes;
  if (SUCCEEDED < count) {
    throw new LocalError('BURST_FAILED', `Only ${SUCCEEDED} of ${count} ${jobType.name} jobs succeeded.`);
  }
  return { ms: bus.seen.lastSettledMs - start, events: bus.seen.events };
}

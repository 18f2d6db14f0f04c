import type { FrontDoor } from '@spillway/client/front-door.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { inputOf } from './inputs.ts';
import { patiently } from './patiently.ts';

/** A job that the front door has accepted. */
export interface AcceptedJob {
  type: string;
  jobId: string;
}

/** How many jobs are sent at the same time: enough to keep the engine's one core busy. */
export const SENDERS = 32;

export interface BurstPlan {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  count: number;
  /** The number of the first job, so that a second burst does not reuse the ids of the first. 0 by default. */
  first?: number;
  sinkUrl: string;
  /** Makes the n-th input. By default that of the demo. */
  input?: typeof inputOf;
  /** The W3C trace header, which joins the jobs in one trace. Without it, each job has its own trace. */
  traceparent?: string;
  accepted(job: AcceptedJob): void;
}

/**
 * Submits jobs of all types in rotation, half of them with their own ids, as fast as the front door accepts them.
 *
 * @throws LocalError if the front door keeps refusing a job
 */
export async function sendBurst(plan: BurstPlan): Promise<void> {
  let next = plan.first ?? 0;
  const end = next + plan.count;
  const sender = async () => {
    while (next < end) {
      const n = next;
      next += 1;
      await sendOne(plan, n);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function sendOne(plan: BurstPlan, n: number): Promise<void> {
  const { door, jobTypes, sinkUrl, input = inputOf, traceparent, accepted } = plan;
  const jobType = jobTypes[n % jobTypes.length];
  if (!jobType)
    throw new LocalError('NO_TYPES', 'There is no job type to send: add a contract to shared/contracts/jobs.');
  const id = Math.floor(n / jobTypes.length) % 2 === 0 ? undefined : `burst-${n}`;
  const body = input(jobType, n, sinkUrl);
  const answer = await patiently(`a ${jobType.name} job`, 202, () =>
    door.submit(jobType.name, body, { ...(id && { jobId: id }), ...(traceparent && { traceparent }) }),
  );
  accepted({ type: jobType.name, jobId: answer.body.jobId });
}

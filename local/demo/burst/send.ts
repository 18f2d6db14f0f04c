import type { FrontDoor } from '@spillway/client/front-door.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import type { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { SubmitOptions } from '@spillway/shared/contracts/submit-attributes.ts';
import { inputOf } from './inputs.ts';
import { patiently } from './patiently.ts';
import { START_AFTER, type Way } from './ways.ts';
import { CLOSED_PATH } from './webhook-sink.ts';

/** A job that the front door has accepted. */
export interface AcceptedJob {
  type: string;
  jobId: string;
  /** `single` by default. */
  way?: Way;
}

/** How many jobs are sent at the same time: enough to keep the engine's one core busy. */
export const SENDERS = 32;
/** How many jobs a batch has. */
const BATCH = 50;

export interface BurstPlan {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  count: number;
  /** The number of the first job, so that a second burst does not reuse the ids of the first. 0 by default. */
  first?: number;
  sinkUrl: string;
  /** Makes the n-th input. By default that of the demo. */
  input?: typeof inputOf;
  /** The way of the k-th job of its type. By default each comes by a request of its own. */
  wayOf?: (jobType: JobType, k: number) => Way;
  /** The W3C trace header, which joins the jobs in one trace. Without it, each job has its own trace. */
  traceparent?: string;
  accepted(job: AcceptedJob): void;
}

/** A job of a burst before it is sent. */
interface Planned {
  jobType: JobType;
  way: Way;
  input: unknown;
  /** Half of the single jobs have none. */
  id: string | undefined;
}

/**
 * Submits jobs of all types in rotation, as fast as the front door accepts them.
 *
 * @throws LocalError if the front door keeps refusing a job
 */
export async function sendBurst(plan: BurstPlan): Promise<void> {
  const requests = requestsOf(plan);
  const sender = async () => {
    for (const send of requests) await send();
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function* requestsOf(plan: BurstPlan): Generator<() => Promise<void>> {
  const batches = new Map<JobType, Planned[]>();
  for (const job of plannedJobs(plan)) {
    if (job.way !== 'batch') {
      yield () => sendOne(plan, job);
      continue;
    }
    const batch = [...(batches.get(job.jobType) ?? []), job];
    batches.set(job.jobType, batch);
    if (batch.length < BATCH) continue;
    batches.delete(job.jobType);
    yield () => sendBatch(plan, job.jobType, batch);
  }
  for (const [jobType, batch] of batches) yield () => sendBatch(plan, jobType, batch);
}

function* plannedJobs({ jobTypes, count, first = 0, sinkUrl, input = inputOf, wayOf }: BurstPlan): Generator<Planned> {
  for (let n = first; n < first + count; n += 1) {
    const jobType = jobTypes[n % jobTypes.length];
    if (!jobType) {
      throw new LocalError('NO_TYPES', 'There is no job type to send: add a contract to shared/contracts/jobs.');
    }
    const k = Math.floor(n / jobTypes.length);
    const way = wayOf?.(jobType, k) ?? 'single';
    const id = way === 'single' && k % 2 === 0 ? undefined : `burst-${n}`;
    const receiver = way === 'replayed' ? `${sinkUrl}${CLOSED_PATH}` : sinkUrl;
    yield { jobType, way, input: input(jobType, n, receiver), id };
  }
}

async function sendOne(plan: BurstPlan, { jobType, way, input, id }: Planned): Promise<void> {
  const seconds = way in START_AFTER ? START_AFTER[way as keyof typeof START_AFTER] : undefined;
  const options: SubmitOptions = {
    ...(id && { jobId: id }),
    ...(plan.traceparent && { traceparent: plan.traceparent }),
    ...(seconds !== undefined && { runAfter: String(seconds) }),
  };
  const answer = await patiently(`a ${jobType.name} job`, 202, () => plan.door.submit(jobType.name, input, options));
  plan.accepted({ type: jobType.name, jobId: answer.body.jobId, way });
}

async function sendBatch({ door, traceparent, accepted }: BurstPlan, { name }: JobType, batch: Planned[]) {
  const body = JSON.stringify({ jobs: batch.map(({ id, input }) => ({ id, input })) });
  const send = () =>
    door.request<BatchAccepted>(`/jobs/${name}/batch`, { method: 'POST', headers: { traceparent }, body });
  // all have ids, so the batch can be sent again if the lane did not take some of them
  const answer = await patiently(`a batch of ${name} jobs`, 202, async () => {
    const sent = await send();
    return { ...sent, status: Math.max(sent.status, ...busyEntries(sent.body)) };
  });
  for (const job of answer.body.jobs) {
    if ('problem' in job)
      throw new LocalError('REFUSED', `The front door refused a ${name} job: ${job.problem.detail}`);
    accepted({ type: name, jobId: job.jobId, way: 'batch' });
  }
}

/** The statuses of the entries that were refused, but may be accepted when they are sent again. */
const busyEntries = ({ jobs = [] }: Partial<BatchAccepted> = {}): number[] =>
  jobs.flatMap((job) => ('problem' in job && job.problem.status >= 500 ? [job.problem.status] : []));

import type { FrontDoor } from '@spillway/client/front-door.ts';
import { uploads } from '@spillway/client/upload.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import type { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { SubmitOptions } from '@spillway/shared/contracts/submit-attributes.ts';
import { patiently, TRIES } from './patiently.ts';
import { type Plan, type Planned, plannedJobs } from './plan.ts';
import { START_AFTER, type Way } from './ways.ts';

/** A job that the front door has accepted, by itself or in a file. */
export interface AcceptedJob {
  type: string;
  jobId: string;
  /** `single` by default. */
  way?: Way;
  /** The id of the job that submits it as a line of its file. */
  file?: string;
}

/** How many jobs are sent at the same time: enough to keep the engine's one core busy. */
export const SENDERS = 32;
/** How many jobs a batch has. */
const BATCH = 50;

export interface Sending extends Plan {
  door: FrontDoor;
  /** The W3C trace header, which joins the jobs in one trace. Without it, each job has its own trace. */
  traceparent?: string;
  accepted(job: AcceptedJob): void;
}

/**
 * Submits the jobs of a burst, as fast as the front door accepts them.
 *
 * @throws LocalError if the front door keeps refusing a job
 */
export async function sendBurst(sending: Sending): Promise<void> {
  const requests = requestsOf(sending);
  const sender = async () => {
    for (const send of requests) await send();
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function* requestsOf(sending: Sending): Generator<() => Promise<void>> {
  const planned = [...plannedJobs(sending)];
  const [file, ...lines] = planned.filter(({ way }) => way === 'bulk');
  if (file) yield () => sendFile(sending, file, lines);
  const batches = new Map<JobType, Planned[]>();
  for (const job of planned) {
    if (job.way === 'bulk') continue;
    if (job.way !== 'batch') {
      yield () => sendOne(sending, job);
      continue;
    }
    const batch = [...(batches.get(job.jobType) ?? []), job];
    batches.set(job.jobType, batch);
    if (batch.length < BATCH) continue;
    batches.delete(job.jobType);
    yield () => sendBatch(sending, job.jobType, batch);
  }
  for (const [jobType, batch] of batches) yield () => sendBatch(sending, jobType, batch);
}

async function sendOne(sending: Sending, { jobType: { name }, way, input, id }: Planned): Promise<void> {
  const seconds = way in START_AFTER ? START_AFTER[way as keyof typeof START_AFTER] : undefined;
  const options: SubmitOptions = {
    ...(id && { jobId: id }),
    ...(sending.traceparent && { traceparent: sending.traceparent }),
    ...(seconds !== undefined && { runAfter: String(seconds) }),
  };
  const answer = await patiently(`a ${name} job`, 202, () => sending.door.submit(name, input, options));
  sending.accepted({ type: name, jobId: answer.body.jobId, way });
}

async function sendFile(sending: Sending, file: Planned, lines: readonly Planned[]): Promise<void> {
  const text = lines.map(({ id, input }) => `${JSON.stringify({ id, input })}\n`).join('');
  const upload = await uploads(sending.door).upload(new Blob([text], { type: 'application/jsonl' }), { tries: TRIES });
  await sendOne(sending, { ...file, input: { ...(file.input as object), upload } });
  for (const { jobType, id = '', way } of lines) {
    sending.accepted({ type: jobType.name, jobId: id, way, ...(file.id && { file: file.id }) });
  }
}

async function sendBatch({ door, traceparent, accepted }: Sending, { name }: JobType, batch: Planned[]) {
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

import type { BatchAccepted } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_BYTES } from '@spillway/shared/contracts/batch-size.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import {
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  type SubmitOptions,
} from '@spillway/shared/contracts/submit-attributes.ts';
import type { Entry } from '@spillway/shared/runtime/lane/entry.ts';
import type { NewMessage, SendFailure } from '@spillway/shared/runtime/lane/send-all.ts';
import { Answer, checkContentType, Problem, problemOf } from '../../light-function.ts';
import { laneProblem } from '../../problems.ts';
import { type Batch, entriesIn, entryOf } from './entries.ts';

export interface BatchRequest extends Omit<Batch, 'shared'> {
  /** The path of the job type, for the links to the jobs. */
  path: string;
  /** A header, whatever the case of its name. */
  header(name: string): string | undefined;
  body: string;
}

export interface BatchTools {
  jobType: JobType;
  /** Puts messages into the lane. @returns what became of each, in order */
  send(messages: readonly NewMessage[]): Promise<SendFailure[]>;
}

/**
 * Submits each job of a batch by itself.
 *
 * @returns 202 with an entry per job, in order
 * @throws Problem if no job was accepted; then it lists the problem of each
 */
export async function submitBatch(request: BatchRequest, { jobType, send }: BatchTools): Promise<Answer> {
  checkContentType(request.header('content-type'));
  if (Buffer.byteLength(request.body) > MOST_BATCH_BYTES) {
    throw new Problem('batchTooLarge', { limitBytes: MOST_BATCH_BYTES });
  }
  const batch = { ...request, shared: sharedOptions(request) };
  const jobs = new Map<string, Entry>();
  const read = entriesIn(request.body).map((sent, index) =>
    orProblem(() => withoutTwin(entryOf(sent, index, batch, jobType), jobs)),
  );
  const entries = [...jobs.values()];
  const failures = await send(entries.map(({ message }) => message));
  const failureOf = new Map(entries.map(({ submission }, index) => [submission.id, failures[index]]));
  const outcomes = read.map((entry) => {
    const code = entry instanceof Problem ? undefined : failureOf.get(entry.submission.id);
    return code === undefined ? entry : new Problem(laneProblem(code), {});
  });
  const answers: BatchAccepted['jobs'] = outcomes.map((outcome) =>
    outcome instanceof Problem ? { problem: problemOf(outcome, request.requestId) } : accepted(outcome, request),
  );
  const problems = outcomes.filter((outcome) => outcome instanceof Problem);
  if (problems.length < outcomes.length) return new Answer(202, { jobs: answers });
  // if the lane took none, the client should repeat the batch, and not change it
  const [first] = problems;
  const same = first && problems.every(({ code }) => code === first.code);
  const refusal = same && isFromLane(first) ? first : new Problem('nothingAccepted', { count: outcomes.length });
  throw refusal.with({ jobs: answers });
}

const LANE_PROBLEMS = ['laneBusy', 'laneClosed', 'laneUnavailable'];
const isFromLane = ({ code }: Problem) => LANE_PROBLEMS.includes(code);

/** What the client sent in headers, if it is valid. */
function sharedOptions({ header }: BatchRequest): SubmitOptions {
  const rows = Object.entries(CLIENT_ATTRIBUTES) as [keyof SubmitOptions, ClientAttribute][];
  const sent = rows.filter(([, { from }]) => from === 'header').map(([option, { name }]) => [option, header(name)]);
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined));
}

/**
 * Keeps an entry, unless an earlier one has its id: then both are the same job.
 *
 * @throws Problem if the other one has another input, because the first defines the job
 */
function withoutTwin(entry: Entry, jobs: Map<string, Entry>): Entry {
  const { id, bodyDigest } = entry.submission;
  const twin = jobs.get(id);
  if (twin && twin.submission.bodyDigest !== bodyDigest) {
    throw new Problem('entryRefused', { reason: `id: an earlier entry has the id ${id} and another input` });
  }
  jobs.set(id, twin ?? entry);
  return twin ?? entry;
}

function orProblem<T>(read: () => T): T | Problem {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
    throw thrown;
  }
}

const accepted = ({ submission: { id, runAfter, acceptedAt } }: Entry, { path }: BatchRequest) => ({
  jobId: id,
  status: runAfter && runAfter > acceptedAt ? ('SCHEDULED' as const) : ('QUEUED' as const),
  links: { self: `${path}/${id}?acceptedAt=${acceptedAt.getTime()}` },
});

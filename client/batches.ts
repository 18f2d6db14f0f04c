import type { BatchEntryAnswer } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_BYTES, MOST_BATCH_JOBS } from '@spillway/shared/contracts/batch-size.ts';
import type { Accepted } from '@spillway/shared/contracts/job.ts';
import { ClientError, type ProblemDocument } from './errors.ts';
import { type FrontDoor, reasonOf } from './front-door.ts';
import { JOB_TYPES, ORDERED } from './job-types.ts';
import { type Patience, patiently } from './patience.ts';
import { optionsOf, type SubmitChoices } from './submit-choices.ts';

/** A job of a batch. What is said for a single submit in a header cannot differ within a batch. */
export interface BatchEntry<Input> extends Pick<SubmitChoices, 'runAfter' | 'expiresAfter'> {
  /** The job's id. Without one, the client makes it, so that a repeated request is the same job. */
  id?: string | undefined;
  input: Input;
}

/** What became of a job of a batch. With the same id, a refused one can be sent again without becoming two. */
export type BatchOutcome = Accepted | { jobId: string; problem: ProblemDocument };

/** How many batches are on their way at the same time: a front door takes a batch in about a second. */
const SENDERS = 4;

/** One after the other where the lane is ordered, or not known here, so that the jobs keep their order. */
const keepsOrder = (type: string) => ORDERED.includes(type) || !Object.values<string>(JOB_TYPES).includes(type);

interface Sent {
  index: number;
  id: string;
  text: string;
}

/**
 * Submits any number of jobs, as batches of up to 1,000 jobs and 5 MB. In an ordered lane, nothing is sent any more once a
 * job could not be sent: it would overtake that one.
 *
 * @returns what became of each, in order; a batch that was refused or did not arrive counts for each of its jobs
 */
export async function submitAll<Input>(
  door: FrontDoor,
  type: string,
  entries: Iterable<BatchEntry<Input>> | AsyncIterable<BatchEntry<Input>>,
  patience: Patience,
): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  const batches = batchesOf(entries);
  const ordered = keepsOrder(type);
  let stopped = false;
  const sender = async () => {
    for (;;) {
      const { value: batch } = await batches.next();
      if (!batch) return;
      const answers = stopped ? batch.map(() => NOT_SENT) : await submitBatch(door, type, batch, patience);
      batch.forEach(({ index, id }, position) => {
        const answer = answers[position] ?? { problem: { detail: 'The front door did not answer for this job.' } };
        stopped ||= ordered && 'problem' in answer && isWorthRepeating(answer.problem);
        outcomes[index] = 'problem' in answer ? { jobId: id, problem: answer.problem } : answer;
      });
    }
  };
  // a generator answers calls at the same time one after the other
  await Promise.all(Array.from({ length: ordered ? 1 : SENDERS }, sender));
  return outcomes;
}

/** The outcome of a job behind one that could not be sent. */
const NOT_SENT = {
  problem: {
    title: 'NOT_SENT',
    detail: 'It was not sent, because it would overtake a job before it that could not be sent. Send both again.',
  },
};

/** Whether a job may be accepted when it is sent again: a refusal of its input is final. */
const isWorthRepeating = ({ status = 0 }: ProblemDocument) => status < 400 || status === 429 || status >= 500;

async function* batchesOf<Input>(
  entries: Iterable<BatchEntry<Input>> | AsyncIterable<BatchEntry<Input>>,
): AsyncGenerator<Sent[], undefined> {
  let batch: Sent[] = [];
  let bytes = EMPTY_BYTES;
  let index = 0;
  for await (const { id = crypto.randomUUID(), input, ...choices } of entries) {
    const text = JSON.stringify({ id, input, ...optionsOf(choices) });
    const size = byteLength(text) + 1;
    if (batch.length === MOST_BATCH_JOBS || (batch.length > 0 && bytes + size > MOST_BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], EMPTY_BYTES];
    }
    batch.push({ index, id, text });
    bytes += size;
    index += 1;
  }
  if (batch.length > 0) yield batch;
}

const EMPTY_BYTES = '{"jobs":[]}'.length;
const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

/** A refusal lists its jobs, too, if the front door has looked at each of them. */
type BatchBody = { jobs?: (Exclude<BatchEntryAnswer, Accepted> | Accepted)[] };

async function submitBatch(door: FrontDoor, type: string, batch: Sent[], patience: Patience) {
  const body = `{"jobs":[${batch.map(({ text }) => text).join(',')}]}`;
  const all = (problem: ProblemDocument) => batch.map(() => ({ problem }));
  try {
    const { signal } = patience;
    const answer = await patiently(
      () => door.request<BatchBody>(`/jobs/${type}/batch`, { method: 'POST', body, signal }),
      patience,
    );
    return answer.body?.jobs ?? all({ status: answer.status, detail: reasonOf(answer), ...answer.body });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return all({ title: error.code, detail: error.message });
  }
}

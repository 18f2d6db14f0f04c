import { randomUUID } from 'node:crypto';
import { fieldText, itemTexts } from '@spillway/shared/attempt/json-text.ts';
import { MOST_BATCH_JOBS } from '@spillway/shared/contracts/batch-size.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import type { SubmitOptions } from '@spillway/shared/contracts/submit-attributes.ts';
import { type Entry, EntryError, readEntry } from '@spillway/shared/runtime/lane/entry.ts';
import { Problem } from '../../light-function.ts';
import { readJson } from '../../request-body.ts';

/** What all entries of a batch have in common. */
export interface Batch {
  tenant: string;
  requestId: string;
  /** Milliseconds since 1970. */
  acceptedAt: number;
  /** What the client sends in a header, valid for every entry. */
  shared: SubmitOptions;
}

/** An entry as it was sent: the parsed value and its text. */
interface Sent {
  value: unknown;
  text: string;
}

/**
 * The entries of a batch's body.
 *
 * @throws Problem if the body is not JSON or has no list of 1 to 1,000 jobs
 */
export function entriesIn(body: string): Sent[] {
  const json = readJson(body);
  const { jobs, ...others } = isObject(json) ? json : {};
  const refuse = (reason: string) => new Problem('batchRefused', { reason });
  if (!Array.isArray(jobs)) throw refuse('send { "jobs": [ { "input": … } ] }.');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw refuse(`a batch has no field ${JSON.stringify(unknown)}, only jobs.`);
  if (jobs.length === 0) throw refuse('jobs is empty: send at least one.');
  if (jobs.length > MOST_BATCH_JOBS) {
    throw refuse(`it has ${jobs.length} jobs: send at most ${MOST_BATCH_JOBS} at once.`);
  }
  const texts = itemTexts(fieldText(body, 'jobs') ?? '[]');
  return jobs.map((value, index) => ({ value, text: texts[index] ?? '' }));
}

/**
 * Makes the message of an entry. An entry without an id gets one, so that a call of SQS that is repeated makes no second
 * job.
 *
 * @throws Problem if the job could only fail, or does not fit into the lane
 */
export function entryOf({ value, text }: Sent, index: number, batch: Batch, jobType: JobType): Entry {
  const origin = { ...batch, defaultId: randomUUID(), deduplicationId: `${batch.requestId}.${index}` };
  try {
    return readEntry(value, text, origin, jobType);
  } catch (thrown) {
    if (thrown instanceof EntryError) throw problemOf(thrown);
    throw thrown;
  }
}

function problemOf({ code, message, limitBytes }: EntryError): Problem {
  if (code === 'messageTooLarge') return new Problem(code, { limitBytes });
  if (code === 'messageRefused') return new Problem(code, {});
  return new Problem(code, { reason: message });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

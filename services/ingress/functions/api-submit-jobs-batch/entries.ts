import { randomUUID } from 'node:crypto';
import { fieldText, itemTexts } from '@spillway/shared/attempt/json-text.ts';
import { parse, readSubmission } from '@spillway/shared/attempt/parse.ts';
import type { Submission } from '@spillway/shared/attempt/ports.ts';
import { ENTRY_OPTIONS } from '@spillway/shared/contracts/batch.ts';
import { MOST_BATCH_JOBS } from '@spillway/shared/contracts/batch-size.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { attributesOf, messageGroup, type SubmitOptions } from '@spillway/shared/contracts/submit-attributes.ts';
import { messageBytes, type NewMessage } from '@spillway/shared/runtime/lane/send-all.ts';
import { Problem } from '../../light-function.ts';

/** What all entries of a batch have in common. */
export interface Batch {
  tenant: string;
  requestId: string;
  /** Milliseconds since 1970. */
  acceptedAt: number;
  /** What the client sends in a header, valid for every entry. */
  shared: SubmitOptions;
}

/** A job that is ready to be sent. */
export interface Entry {
  submission: Submission;
  message: NewMessage;
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
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Problem('notJson', {});
  }
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
 * Makes the message of an entry and checks it as the consumer will. An entry without an id gets one, so that a call of SQS
 * that is repeated makes no second job.
 *
 * @throws Problem if the job could only fail, or does not fit into the lane
 */
export function readEntry({ value, text }: Sent, index: number, batch: Batch, jobType: JobType): Entry {
  if (!isObject(value)) throw refuse('an entry is an object with the field input');
  const { input, ...fields } = value;
  if (input === undefined) throw refuse('input: is missing');
  const jobId: string = randomUUID();
  const options = { ...batch.shared, jobId, ...optionsIn(fields) };
  const message: NewMessage = {
    // the client's own text: what is written again may differ, such as in the digits of a large number
    body: fieldText(text, 'input') ?? '',
    attributes: attributesOf(
      { tenant: batch.tenant, acceptedAt: String(batch.acceptedAt), requestId: batch.requestId },
      options,
    ),
    groupId: messageGroup(jobType, batch.tenant, input),
    ...(jobType.lane.kind === 'ordered' && { deduplicationId: `${batch.requestId}.${index}` }),
  };
  const submission = checkAsConsumer(message, jobType);
  if (UNSENDABLE.test(message.body)) throw new Problem('messageRefused', {});
  const limitBytes = laneOf(jobType).maximumMessageBytes;
  if (messageBytes(message) > limitBytes) throw new Problem('messageTooLarge', { limitBytes });
  return { submission, message };
}

const refuse = (reason: string) => new Problem('entryRefused', { reason });

/** What the consumer would refuse is refused at once. */
function checkAsConsumer(message: NewMessage, jobType: JobType): Submission {
  const received = { ...message, messageId: '', receiveCount: 1, sentAt: new Date() };
  const submission = readSubmission(received, jobType.name);
  if (typeof submission === 'string') throw refuse(submission);
  const parsed = parse(received, submission, jobType);
  if (parsed.kind === 'refused') throw refuse(parsed.error.message);
  return submission;
}

/**
 * Characters that SQS refuses:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
const UNSENDABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** The options that an entry names, not yet checked. A number of seconds may be a number. */
function optionsIn(fields: Record<string, unknown>): SubmitOptions {
  const options = Object.entries(fields).map(([field, value]) => {
    const known = ENTRY_OPTIONS.get(field);
    if (!known) throw refuse(`${field}: is unknown; an entry has input, ${[...ENTRY_OPTIONS.keys()].join(', ')}`);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text === '')
      throw refuse(`${field}: ${known.row.refusal?.message ?? 'is not valid'}`);
    return [known.option, text];
  });
  return Object.fromEntries(options);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

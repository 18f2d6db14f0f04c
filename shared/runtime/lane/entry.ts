import { fieldText } from '../../attempt/json-text.ts';
import { parse, readSubmission } from '../../attempt/parse.ts';
import type { Submission } from '../../attempt/submission.ts';
import { ENTRY_OPTIONS } from '../../contracts/batch.ts';
import type { JobType } from '../../contracts/job-type.ts';
import { laneOf } from '../../contracts/lane.ts';
import { attributesOf, messageGroup, type SubmitOptions } from '../../contracts/submit-attributes.ts';
import { messageBytes } from '../send-messages.ts';
import { laneMessage, type NewMessage } from './send-all.ts';

/** Where an entry comes from: a batch, or a line of a bulk file. */
export interface EntryOrigin {
  tenant: string;
  /** The trace id of a job whose entry names no trace. */
  requestId: string;
  /** Milliseconds since 1970. */
  acceptedAt: number;
  /** The job's id, if the entry has none. */
  defaultId: string;
  /** What is valid for every entry of its origin. */
  shared: SubmitOptions;
  /** For an ordered lane only: see {@link NewMessage}. */
  deduplicationId: string;
}

/** A job that is ready to be sent. */
export interface Entry {
  submission: Submission;
  message: NewMessage;
}

/** Why an entry cannot become a job. */
export type EntryRefusal =
  /** Its job could only fail. */
  | 'entryRefused'
  /** It has characters that SQS refuses. */
  | 'messageRefused'
  /** It is longer than its lane allows. */
  | 'messageTooLarge';

/** An entry that cannot become a job. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly code: EntryRefusal;
  /** For `messageTooLarge`: what the lane allows. */
  readonly limitBytes: number;

  constructor(code: EntryRefusal, message: string, limitBytes: number) {
    super(message);
    this.code = code;
    this.limitBytes = limitBytes;
  }
}

/**
 * Makes the message of an entry `{ "id"?, "input", "runAfter"?, "expiresAfter"? }` and checks it as the consumer will.
 *
 * @param value the parsed entry
 * @param text the entry as it was sent
 * @throws EntryError if the job could only fail, or does not fit into the lane
 */
export function readEntry(value: unknown, text: string, origin: EntryOrigin, jobType: JobType): Entry {
  const limitBytes = laneOf(jobType).maximumMessageBytes;
  const refuse = (reason: string) => new EntryError('entryRefused', reason, limitBytes);
  if (!isObject(value)) throw refuse('an entry is an object with the field input');
  const { input, ...fields } = value;
  if (input === undefined) throw refuse('input: is missing');
  const { tenant, acceptedAt, requestId, defaultId, shared, deduplicationId } = origin;
  const options = { ...shared, jobId: defaultId, ...optionsIn(fields, refuse) };
  const message: NewMessage = {
    // the client's own text: what is written again may differ, such as in the digits of a large number
    body: fieldText(text, 'input') ?? '',
    attributes: attributesOf({ tenant, acceptedAt: String(acceptedAt), requestId }, options),
    groupId: messageGroup(jobType, tenant, input),
    ...(jobType.lane.kind === 'ordered' && { deduplicationId }),
  };
  const submission = checkAsConsumer(message, jobType, refuse);
  if (UNSENDABLE.test(message.body)) {
    throw new EntryError('messageRefused', 'the input has characters that a message cannot carry', limitBytes);
  }
  if (messageBytes(laneMessage(message)) > limitBytes) {
    throw new EntryError('messageTooLarge', `the job is longer than ${limitBytes} bytes`, limitBytes);
  }
  return { submission, message };
}

type Refuse = (reason: string) => EntryError;

/** What the consumer would refuse is refused at once. */
function checkAsConsumer(message: NewMessage, jobType: JobType, refuse: Refuse): Submission {
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
function optionsIn(fields: Record<string, unknown>, refuse: Refuse): SubmitOptions {
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

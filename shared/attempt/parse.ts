import { createHash } from 'node:crypto';
import { type JobError, RESERVED_JOB_IDS } from '../contracts/job.ts';
import { fit, type JobType, ORDER_KEY } from '../contracts/job-type.ts';
import {
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  OPTIONAL_PREFIX,
  orderedGroup,
  type SubmitOptions,
} from '../contracts/submit.ts';
import { shortened } from './errors.ts';
import type { Message, Submission } from './ports.ts';

/** What a message turned out to be. */
export type Parsed<Input> =
  | { kind: 'job'; submission: Submission; input: Input }
  /** A job of a known tenant that could never succeed. */
  | { kind: 'refused'; submission: Submission; error: JobError }
  /** Not put here by the front door: nobody's job. */
  | { kind: 'unowned'; reason: string };

/** Reads a message by the contract. Never throws. */
export function parse<Input>(message: Message, jobType: JobType<Input>): Parsed<Input> {
  const submission = submissionOf(message, jobType.name);
  if (typeof submission === 'string') return { kind: 'unowned', reason: submission };
  const refused = (code: string, message: string): Parsed<Input> => ({
    kind: 'refused',
    submission,
    error: { code, message: shortened(message) },
  });
  const refusal = refusalOf(message);
  if (refusal) return refused(refusal.code, refusal.message);
  if (RESERVED_JOB_IDS.includes(submission.id)) {
    return refused('INVALID_JOB_ID', `"${submission.id}" is a reserved word and cannot be a job id`);
  }
  let json: unknown;
  try {
    json = JSON.parse(message.body);
  } catch {
    // the parser's own words show a piece of the body, which may hold a secret, and errors are told to every subscriber
    return refused('INPUT_REFUSED', 'the body is not JSON');
  }
  const parsed = fit(jobType.input, json);
  if (!parsed.success) return refused('INPUT_REFUSED', describeIssues(parsed.error.issues));
  const groupProblem = groupProblemOf(message, submission, jobType, parsed.data);
  if (groupProblem) return refused('INPUT_REFUSED', groupProblem);
  return { kind: 'job', submission, input: parsed.data };
}

/** The end of the year 9999: RFC 3339, and so every list, event and fact, knows no later time. */
const LAST_TIME_MS = 253_402_300_799_999;

/** The front door takes no longer path (10,240 bytes of request line and headers); what holds the id is a row of 400 KB at most. */
const LONGEST_ID = 10_240;

/** 64 bits, and few bytes in the row: a tenant has only itself to mislead. */
const DIGEST_DIGITS = 16;

/** A message's job, from its attributes alone; a sentence if it has none. */
export function submissionOf(message: Message, type: string): Submission | string {
  const { attributes, messageId } = message;
  const { tenant } = attributes;
  if (!tenant || tenant.length > 128) return `the message attribute "tenant" is missing or too long`;
  const acceptedAt = Number(attributes.acceptedAt);
  if (!Number.isInteger(acceptedAt) || acceptedAt <= 0 || acceptedAt > LAST_TIME_MS) {
    return `the message attribute "acceptedAt" is not a time in milliseconds`;
  }
  const id = attributes.jobId ?? messageId;
  if (id.length > LONGEST_ID) return `the message attribute "jobId" is too long`;
  const options = optionsOf(message);
  return {
    tenant,
    type,
    id,
    acceptedAt: new Date(acceptedAt),
    traceId: traceIdOf(message, options),
    options,
    bodyDigest: createHash('sha256').update(message.body).digest('hex').slice(0, DIGEST_DIGITS),
  };
}

/** What the client said besides the input, fitting or not; an option that was left out is not in it. */
function sentWith({ attributes }: Message) {
  const rows = Object.entries(CLIENT_ATTRIBUTES) as [keyof SubmitOptions, ClientAttribute][];
  return rows.flatMap(([name, { from, pattern, refusal }]) => {
    const value = from === 'path' ? attributes[name] : attributes[name]?.slice(OPTIONAL_PREFIX.length) || undefined;
    return value === undefined ? [] : [{ name, value, fits: pattern.test(value), refusal }];
  });
}

const optionsOf = (message: Message): SubmitOptions =>
  Object.fromEntries(sentWith(message).flatMap(({ name, value, fits }) => (fits ? [[name, value]] : [])));

/** Why the job cannot run with what the client said; undefined if it can. */
const refusalOf = (message: Message) => sentWith(message).find(({ fits, refusal }) => !fits && refusal)?.refusal;

function groupProblemOf<Input>(message: Message, job: Submission, { lane }: JobType<Input>, input: Input) {
  if (lane.kind !== 'ordered') return undefined;
  const orderKey = String((input as Record<string, unknown>)[lane.orderKey]);
  if (!ORDER_KEY.test(orderKey)) return `${lane.orderKey}: 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"`;
  // a body can name its key twice; the gateway and JSON.parse may then disagree about the order the job stands in
  if (message.groupId !== orderedGroup(job.tenant, orderKey)) return `${lane.orderKey} is named more than once`;
  return undefined;
}

const NO_TRACE = '0'.repeat(32);

/** The caller's W3C trace id (https://www.w3.org/TR/trace-context/), else one made from the request's or message's UUID. */
function traceIdOf({ attributes, messageId }: Message, { traceparent }: SubmitOptions): string {
  const traceId = traceparent?.split('-')[1];
  if (traceId && traceId !== NO_TRACE) return traceId;
  const hex = (attributes.requestId ?? messageId).replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : messageId.replaceAll('-', '').toLowerCase();
}

/** A refusal is read by people: the first few fields are enough. */
const ISSUES_SHOWN = 5;

/** A schema's complaints, each with the path of the field. */
export function describeIssues(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const shown = issues.slice(0, ISSUES_SHOWN).map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const more = issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

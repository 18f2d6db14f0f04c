import { FIRING_ATTRIBUTE, readFiring } from '../contracts/firing.ts';
import type { JobError } from '../contracts/job.ts';
import { RESERVED_JOB_IDS } from '../contracts/job-id.ts';
import { fit, type JobType, ORDER_KEY } from '../contracts/job-type.ts';
import { REPLAY_ATTRIBUTE, REPLAY_OF_ATTRIBUTE, readReplay } from '../contracts/replay.ts';
import {
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  OPTIONAL_PREFIX,
  orderedGroup,
  type SubmitOptions,
} from '../contracts/submit-attributes.ts';
import { timeOf } from '../contracts/times.ts';
import { sha256 } from './digests.ts';
import { shortened } from './errors.ts';
import type { Message } from './message.ts';
import type { Submission } from './submission.ts';

/** The result of parsing a message. */
export type Parsed<Input> =
  | { kind: 'job'; input: Input }
  /** The job can never succeed. */
  | { kind: 'refused'; error: JobError };

/** Reads the input of a message's job by the contract. Never throws. */
export function parse<Input>(message: Message, submission: Submission, jobType: JobType<Input>): Parsed<Input> {
  const refused = (code: string, message: string): Parsed<Input> => ({
    kind: 'refused',
    error: { code, message: shortened(message) },
  });
  const refusal = findRefusal(message, submission.acceptedAt) ?? findOrderProblem(submission);
  if (refusal) return refused(refusal.code, refusal.message);
  if (RESERVED_JOB_IDS.includes(submission.id)) {
    return refused('INVALID_JOB_ID', `"${submission.id}" is a reserved word and cannot be a job id`);
  }
  let json: unknown;
  try {
    json = JSON.parse(message.body);
  } catch {
    // the parser's message quotes the body, which may contain a secret, and every subscriber receives errors
    return refused('INPUT_REFUSED', 'the body is not JSON');
  }
  const parsed = fit(jobType.input, json);
  if (!parsed.success) return refused('INPUT_REFUSED', describeIssues(parsed.error.issues));
  const groupProblem = findGroupProblem(message, submission, jobType, parsed.data);
  if (groupProblem) return refused('INPUT_REFUSED', groupProblem);
  return { kind: 'job', input: parsed.data };
}

/** The end of the year 9999: RFC 3339, which lists, events and facts use, allows no later time. */
const LAST_TIME_MS = 253_402_300_799_999;

/** The front door accepts no longer path (10,240 bytes of request line and headers), and a row may have 400 KB. */
const LONGEST_ID = 10_240;

/** 64 bits take few bytes in the row; a tenant that finds two bodies with the same digest deceives only itself. */
const DIGEST_DIGITS = 16;

/**
 * Reads a message's job from its attributes.
 *
 * @returns the reason, as a sentence, if the front door did not send the message and it belongs to no tenant's job
 */
export function readSubmission(message: Message, type: string): Submission | string {
  const { attributes, messageId } = message;
  const { tenant } = attributes;
  if (!tenant || tenant.length > 128) return `the message attribute "tenant" is missing or too long`;
  const firing = readFiring(attributes[FIRING_ATTRIBUTE] ?? '');
  const acceptedAt = firing?.at.getTime() ?? Number(attributes.acceptedAt);
  if (!Number.isInteger(acceptedAt) || acceptedAt <= 0 || acceptedAt > LAST_TIME_MS) {
    return `the message attribute "acceptedAt" is not a time in milliseconds`;
  }
  const id = attributes.jobId ?? firing?.jobId ?? messageId;
  if (id.length > LONGEST_ID) return `the message attribute "jobId" is too long`;
  const at = new Date(acceptedAt);
  const replay = readReplay(attributes[REPLAY_ATTRIBUTE]);
  const replayOf = attributes[REPLAY_OF_ATTRIBUTE];
  const sent = sentWith(message, at).filter(({ fits }) => fits);
  const options: SubmitOptions = Object.fromEntries(sent.map(({ name, value }) => [name, value]));
  return {
    tenant,
    type,
    id,
    acceptedAt: at,
    ...Object.fromEntries(sent.flatMap(({ name, time }) => (time ? [[name, time]] : []))),
    traceId: traceIdOf(message, options),
    options,
    ...(replay && { replay }),
    ...(replayOf && { replayOf }),
    bodyDigest: sha256(message.body).slice(0, DIGEST_DIGITS),
  };
}

/**
 * Since when a job could have been in its lane. A scheduled job's message says when it entered it, also if it was moved: what
 * sends it there writes that time into it. So does a replay.
 */
export const inLaneSince = ({ acceptedAt, runAfter, replay }: Submission): Date =>
  replay?.at ?? (runAfter && runAfter > acceptedAt ? runAfter : acceptedAt);

/** The client's options besides the input, valid or not, without those that were left out. */
function sentWith({ attributes }: Message, acceptedAt: Date) {
  const rows = Object.entries(CLIENT_ATTRIBUTES) as [keyof SubmitOptions, ClientAttribute][];
  return rows.flatMap(([name, row]) => {
    const value = row.from === 'path' ? attributes[name] : attributes[name]?.slice(OPTIONAL_PREFIX.length) || undefined;
    if (value === undefined) return [];
    const time = row.time && timeOf(value, acceptedAt);
    return [{ name, value, time, fits: row.time ? time !== undefined : row.pattern.test(value), refusal: row.refusal }];
  });
}

/** Why the job cannot run with the client's options, or undefined if it can. */
const findRefusal = (message: Message, acceptedAt: Date) =>
  sentWith(message, acceptedAt).find(({ fits, refusal }) => !fits && refusal)?.refusal;

/** A job that expires before it may start is a mistake, and its client should learn of it at once. */
const findOrderProblem = ({ acceptedAt, runAfter, expiresAfter }: Submission) =>
  runAfter && expiresAfter && runAfter > acceptedAt && expiresAfter < runAfter
    ? { code: 'INVALID_EXPIRES_AFTER', message: 'expiresAfter is before runAfter: the job could never start' }
    : undefined;

function findGroupProblem<Input>(message: Message, job: Submission, { lane }: JobType<Input>, input: Input) {
  if (lane.kind !== 'ordered') return undefined;
  const orderKey = String((input as Record<string, unknown>)[lane.orderKey]);
  if (!ORDER_KEY.test(orderKey)) return `${lane.orderKey}: 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"`;
  // a body can contain its key twice; the gateway and JSON.parse may then choose different ones
  if (message.groupId !== orderedGroup(job.tenant, orderKey)) return `${lane.orderKey} is named more than once`;
  return undefined;
}

/**
 * The caller's W3C trace id (https://www.w3.org/TR/trace-context/), or one made from the UUID of the request or message.
 */
function traceIdOf({ attributes, messageId }: Message, { traceparent }: SubmitOptions): string {
  const traceId = traceparent?.split('-')[1];
  if (traceId) return traceId;
  const hex = (attributes.requestId ?? messageId).replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : messageId.replaceAll('-', '').toLowerCase();
}

/** People read refusals: the first few fields are enough. */
const ISSUES_SHOWN = 5;

/** Describes the issues of a schema, each with the path of its field. */
export function describeIssues(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const shown = issues.slice(0, ISSUES_SHOWN).map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const more = issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

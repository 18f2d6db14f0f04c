import { JOB_ID } from './job-id.ts';
import type { JobType } from './job-type.ts';
import { TIME, TIME_RULE } from './times.ts';

/** An option that a client may send with a submit besides the input. */
export interface ClientAttribute {
  /** Where it is in the request. A path parameter is part of a PUT; a header or query parameter is always optional. */
  from: 'path' | 'header' | 'query';
  /** Its name there. */
  name: string;
  /** For a path parameter: the header that says the same where the path does not. */
  header?: string;
  pattern: RegExp;
  /** What fits the pattern, for people who wrote something else. */
  rule: string;
  /** For the API description and the CLI's help. */
  description: string;
  /** The CLI's flag, without the dashes. */
  flag: string;
  /** Whether the value is a time, which contracts/times.ts reads. Then it must also be within a year. */
  time?: true;
  /** The error of a job whose value does not fit the pattern. Without `refusal`, such a value is ignored. */
  refusal?: { code: string; message: string };
}

/** One thing that is sent with a submit, as an SQS message attribute. */
export type Attribute =
  | ClientAttribute
  /** Known to API Gateway: a variable below `$context`. */
  | { from: 'context'; name: string; description: string };

/**
 * A `traceparent` header (https://www.w3.org/TR/trace-context/#traceparent-header). Version 00 has exactly four fields. A
 * later version starts with the same four, and more may follow behind a dash. There is no version ff, and an id of only
 * zeros is invalid.
 */
const TRACEPARENT =
  /^(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}|(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?)$/;

/**
 * Everything that is sent with a submit. The body of a lane's message is the client's input, unchanged; everything else
 * is an SQS message attribute with a name of this table. The attributes in the front door's request template, the
 * parameters in the API description, the client's options, the CLI's flags and what an attempt reads all follow from it.
 * Whatever sends a message again copies all its attributes.
 */
export const ATTRIBUTES = {
  tenant: {
    from: 'context',
    name: 'authorizer.claims.sub',
    description: "The authenticated caller: the access token's subject.",
  },
  acceptedAt: {
    from: 'context',
    name: 'requestTimeEpoch',
    description: 'When the front door accepted the job, in milliseconds since 1970.',
  },
  requestId: {
    from: 'context',
    name: 'requestId',
    description: "The front door's request id. It is the trace id of a job whose client sent none.",
  },
  traceparent: {
    from: 'header',
    name: 'traceparent',
    pattern: TRACEPARENT,
    rule: 'It must look like 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.',
    description: "The caller's W3C trace context. Its trace id becomes the job's. An invalid trace context is ignored.",
    flag: 'traceparent',
  },
  runAfter: {
    from: 'query',
    name: 'runAfter',
    pattern: TIME,
    rule: 'It must look like 2026-12-24T18:00:00Z or 3600.',
    description: `When the job may start: ${TIME_RULE}. Until then it is SCHEDULED. A time in the past means now. With another value, the job fails.`,
    flag: 'run-after',
    time: true,
    refusal: { code: 'INVALID_RUN_AFTER', message: `runAfter is ${TIME_RULE}` },
  },
  expiresAfter: {
    from: 'query',
    name: 'expiresAfter',
    pattern: TIME,
    rule: 'It must look like 2026-12-24T18:00:00Z or 3600.',
    description: `When the job is no longer wanted: ${TIME_RULE}. If it has not started by then, it is EXPIRED. It must not be before runAfter. With another value, the job fails.`,
    flag: 'expires-after',
    time: true,
    refusal: { code: 'INVALID_EXPIRES_AFTER', message: `expiresAfter is ${TIME_RULE}` },
  },
  jobId: {
    from: 'path',
    name: 'jobId',
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
    header: 'Idempotency-Key',
    pattern: JOB_ID,
    rule: 'A job id has 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-".',
    description:
      'The job id. Submitting the same id again returns the same job. Another body under it changes nothing, and the job then shows that there was a conflict. It must have 1 to 64 characters of A-Z, a-z, 0-9, ".", "_" and "-", or the job fails.',
    flag: 'id',
    refusal: {
      code: 'INVALID_JOB_ID',
      message: 'a job id is 1 to 64 characters of A-Z, a-z, 0-9, ".", "_" and "-"',
    },
  },
} as const satisfies Record<string, Attribute>;

export type AttributeName = keyof typeof ATTRIBUTES;

/**
 * SQS accepts no more:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export const MOST_ATTRIBUTES = 10;

/** Starts the value of a header or query parameter, because SQS refuses an empty attribute. */
export const OPTIONAL_PREFIX = 'v1;';

/** The attributes that a client chooses. */
export type ClientAttributeName = {
  [Name in AttributeName]: (typeof ATTRIBUTES)[Name] extends { pattern: RegExp } ? Name : never;
}[AttributeName];

/** The options that a client sends with one submit. */
export type SubmitOptions = { readonly [Name in ClientAttributeName]?: string };

/** The rows of {@link ATTRIBUTES} that a client chooses, by name. */
export const CLIENT_ATTRIBUTES = Object.fromEntries(
  Object.entries(ATTRIBUTES).filter(([, attribute]) => 'pattern' in attribute),
) as { readonly [Name in ClientAttributeName]: ClientAttribute };

/** The attributes that only the front door knows. */
type ContextAttributeName = Exclude<AttributeName, ClientAttributeName>;

/**
 * The message attributes of a submit that the front door's request template does not make, such as an entry of a batch: the
 * same as the template's.
 */
export function attributesOf(
  context: Readonly<Record<ContextAttributeName, string>>,
  options: SubmitOptions,
): Partial<Record<AttributeName, string>> {
  const rows: [string, Attribute][] = Object.entries(ATTRIBUTES);
  const values: Readonly<Record<string, string | undefined>> = { ...context, ...options };
  const texts = rows.map(([name]) => [
    name,
    isOptional(name) ? `${OPTIONAL_PREFIX}${values[name] ?? ''}` : values[name],
  ]);
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
}

/** What was sent with a submit, from the attributes of its message: as it was sent, without what was left out. */
export const sentIn = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes)
      .map(([name, text]) => [name, isOptional(name) ? text.slice(OPTIONAL_PREFIX.length) : text] as const)
      .filter(([, text]) => text !== ''),
  );

/** Whether a client may leave an attribute out, so that its value has the prefix. */
function isOptional(name: string): boolean {
  const { from } = (ATTRIBUTES as Readonly<Record<string, Attribute>>)[name] ?? {};
  return from === 'header' || from === 'query';
}

/** The message group of a job: its tenant, so that the lane is fair, and in an ordered lane also its order key. */
export function messageGroup({ lane }: Pick<JobType, 'lane'>, tenant: string, input: unknown): string {
  if (lane.kind === 'standard') return tenant;
  return orderedGroup(tenant, String((input as Record<string, unknown>)[lane.orderKey]));
}

/** The FIFO group of an ordered lane's message: one tenant's jobs with one order key. */
export const orderedGroup = (tenant: string, orderKey: string) => `${tenant}.${orderKey}`;

import * as z from 'zod/mini';

const SINCE_RULE = 'a revision such as 3, or a time such as 2026-11-27T10:00:00Z';

/** From where to catch up: the last revision of a job that the client has seen, or a time. */
export const Since = z.union(
  [z.int(SINCE_RULE).check(z.nonnegative(SINCE_RULE)), z.iso.datetime({ offset: true, error: SINCE_RULE })],
  SINCE_RULE,
);
export type Since = z.infer<typeof Since>;

/** A name that is no longer than any job type's. */
const TypeName = z.string('the name of a job type').check(z.minLength(1), z.maxLength(64, 'at most 64 characters'));

/** Which job. The id is as in the answer to its submit. */
const JobName = z.strictObject(
  {
    type: TypeName,
    jobId: z.string('the id of a job').check(
      z.minLength(1),
      z.maxLength(256, 'at most 256 characters'),
      // half of a surrogate pair, which no table takes as a key
      z.refine((id) => id.isWellFormed(), 'job.jobId must be Unicode text'),
    ),
  },
  'an object with type and jobId',
);

/** One job, the jobs of a type, or all jobs of the tenant. */
const scope = { job: z.optional(JobName), type: z.optional(TypeName) };

/** What a client can send: a sentence for those who read about it, and its schema. */
export const SOCKET_ACTIONS = {
  subscribe: {
    summary:
      'Subscribes the connection to the events of one job, of a job type, or of all jobs of the tenant, and sends what was missed since a revision of the job or a time. The same message again only catches up.',
    schema: z.strictObject({ action: z.literal('subscribe'), ...scope, since: z.optional(Since) }),
  },
  unsubscribe: {
    summary: 'Ends a subscription. If there is none, nothing happens.',
    schema: z.strictObject({ action: z.literal('unsubscribe'), ...scope }),
  },
} as const;

const ACTIONS = Object.keys(SOCKET_ACTIONS).join(' or ');

/**
 * What a client sends over the socket. The server sends events as they are on the bus, and problem documents with the
 * message that they are about.
 */
export const SocketMessage = z
  .discriminatedUnion('action', [SOCKET_ACTIONS.subscribe.schema, SOCKET_ACTIONS.unsubscribe.schema], {
    // with an unknown action, the issue is about the field
    error: ({ code }) => (code === 'invalid_union' ? ACTIONS : `an object whose action is ${ACTIONS}`),
  })
  .check(z.refine((message) => !(message.job && message.type), 'it names a job or a type, not both'));
export type SocketMessage = z.infer<typeof SocketMessage>;

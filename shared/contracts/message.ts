/**
 * The message on a lane: the body is the client's input, untouched; what we know about the job travels as SQS message
 * attributes (at most 10, none of them empty). The front door writes them (`services/ingress/resources/submit.vtl`),
 * the consumer reads them, and whatever sends a message again copies all of them.
 */
export const ATTRIBUTES = {
  /** The authenticated caller: the access token's subject. */
  tenant: 'tenant',
  /** The client's own id (PUT), or the first message's id once a message was sent again. Absent: the message id is the job's. */
  jobId: 'jobId',
  /** When the front door accepted the job, milliseconds since 1970. */
  acceptedAt: 'acceptedAt',
  /** `v1;` and the caller's W3C traceparent, if it sent one; `v1;` keeps the attribute from being empty. */
  traceparent: 'traceparent',
  /** The front door's request id: our trace id where the caller sent none. */
  requestId: 'requestId',
  /** How often the job came back from the DLQ without ever having been attempted. */
  returns: 'returns',
} as const;

/** The version that starts an optional attribute's value. */
export const OPTIONAL_PREFIX = 'v1;';

/** The FIFO group of an ordered lane's message: one tenant's jobs with one order key. */
export const orderedGroup = (tenant: string, orderKey: string) => `${tenant}.${orderKey}`;

import * as z from 'zod/mini';
import { CURSOR } from './job.ts';

/** The tenant of a parked message that belongs to no job. Its job id is the message's id. */
export const NO_TENANT = '-';

/** The code of a parked message among the failures. */
export const PARKED_CODE = 'PARKED';

/** A job that failed or expired, or a message that was parked, as operators see it. */
export const Failure = z.strictObject({
  tenant: z.string(),
  type: z.string(),
  jobId: z.string(),
  /** The error's code; `PARKED` for a parked message. */
  code: z.string(),
  message: z.string(),
  failedAt: z.iso.datetime(),
  /** Absent until the failure is replayed. If the job fails again, that is a new failure. */
  replayedAt: z.optional(z.iso.datetime()),
});
export type Failure = z.infer<typeof Failure>;

/** A page of failures, newest first. */
export const FailureList = z.strictObject({
  failures: z.array(Failure),
  /** Where the next page begins. The last page has none. */
  cursor: z.optional(z.string().check(z.regex(CURSOR))),
});
export type FailureList = z.infer<typeof FailureList>;

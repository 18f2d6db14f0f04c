import type { JobError } from '../contracts/job.ts';

/** How a job ended. */
export type Settlement =
  | { outcome: 'SUCCEEDED'; result: StoredResult; now: Date }
  /** Only if nobody asked to cancel the job. */
  | Ended
  /** Only if somebody asked to cancel the job. */
  | { outcome: 'CANCELLED'; now: Date };

/** How a job ended without a result. */
export interface Ended<How extends 'FAILED' | 'EXPIRED' = 'FAILED' | 'EXPIRED'> {
  outcome: How;
  error: JobError;
  archiveKey: string;
  now: Date;
  /** Present if it stops its order key. */
  blocks?: BlockedKey | undefined;
}

/** An order key that a FAILED job stops. */
export interface BlockedKey {
  orderKey: string;
  /** Until when the lane can hold its later messages. */
  until: Date;
}

/**
 * A result in the row, or its key in the payload bucket if it is too big for the row. It is stored as JSON text, or as that
 * text deflated (RFC 1951), because not every JSON fits a DynamoDB map (numbers beyond 2^53, 33 levels, a name such as
 * `__proto__`). If it did not fit, each settle would fail, and the attempts would look as if they had vanished.
 */
export type StoredResult = { json: string } | { deflated: Uint8Array } | { key: string; bytes: number };

import type { Decision, JobError, Outcome } from '../contracts/job.ts';
import type { Attempt } from './submission.ts';

/** A person's decision, and when it was made. */
export type MadeDecision = Decision & { at: string };

/** A decision, and the token with which it lets the workflow go on. */
export interface Answer {
  token: string;
  decision: MadeDecision;
}

/** What the workflow of a started job may have missed. */
export type Untold =
  /** Somebody decided. */
  | ({ kind: 'decided' } & Answer)
  /** The job is to be cancelled. If it waits for a decision, it does so with the token. */
  | { kind: 'cancelled'; token: string | undefined };

/** What its row says of a job that goes on without its consumer. */
export interface GoingState {
  untold: Untold | undefined;
  /** When it entered its status. */
  changedAt: Date;
}

export interface ClaimOptions {
  now: Date;
  leaseUntil: Date;
  maxAttempts: number;
  /**
   * The number with which the job was replayed, see {@link Attempt}. Only its row knows: a claim that finds another number there tries
   * again with that one.
   *
   * @defaultValue 0, because few jobs are replayed
   */
  attemptsBefore?: number;
  /** Whether to claim the job even if its last attempt vanished. If false, the answer is then `vanished`. */
  evenIfVanished: boolean;
  /** Whether to claim the job even if it was never attempted. If false, the answer is then `new`. */
  evenIfNew: boolean;
  /**
   * Whether an attempt that vanished is taken up again, with its number: starting it twice does nothing, and whether it
   * was started before it vanished is not known.
   */
  resumes: boolean;
}

/** The result of a claim. Only `claimed` gives the right to run. */
export type ClaimAnswer =
  /** @param attemptsBefore see {@link Attempt}; @param acceptedAt see `job` there */
  | { kind: 'claimed'; attempt: number; attemptsBefore: number; acceptedAt: Date }
  /** The job already has its outcome: drop the message, unless it blocks its order key. */
  | { kind: 'settled'; outcome: Outcome; blocks?: boolean }
  /** The job has another body, which this message does not change. */
  | { kind: 'other-body' }
  /** The job waits in its row for a later time, with its message: drop this one, unless that time is near. */
  | { kind: 'scheduled'; runAfter: Date }
  /** The job's workflow was started and goes on without a consumer. */
  | { kind: 'started'; attempt: number; acceptedAt: Date; state: GoingState }
  /** A live attempt owns the job until then. */
  | { kind: 'owned'; leaseUntil: Date }
  /** The last attempt's lease ended without an outcome: it crashed, ran out of memory or never returned. */
  | { kind: 'vanished'; attempt: number }
  /** The job was never attempted since it was submitted or replayed. */
  | { kind: 'new' }
  /** Its tenant asked to cancel it during its last attempt, which is no longer alive. */
  | { kind: 'cancelled'; attempt: number; acceptedAt: Date }
  /** All attempts are used up, and none of them is alive. */
  | { kind: 'exhausted'; attempt: number; error: JobError | undefined };

import type { JobIdentity } from '../contracts/job.ts';
import type { Replay } from '../contracts/replay.ts';
import type { SearchTerm } from '../contracts/search-keys.ts';
import type { SubmitOptions } from '../contracts/submit-attributes.ts';
import type { Message } from './message.ts';

/** What a message says about its job. */
export interface Submission extends JobIdentity {
  acceptedAt: Date;
  /** When the job may start. A job without it may start at once. */
  runAfter?: Date;
  /** When it expires unless an attempt has claimed it. */
  expiresAfter?: Date;
  traceId: string;
  /** The client's valid options besides the input. */
  options: SubmitOptions;
  /** Absent in the message of a submit. */
  replay?: Replay;
  /** The job whose failure this one is a replay of, as a new job. */
  replayOf?: string;
  /** Distinguishes this body from another one that was submitted with the same id. */
  bodyDigest: string;
  /** What lists can find the job by, each at the position of its key. Absent if its type has no search keys. */
  searchTerms?: readonly (SearchTerm | undefined)[];
}

/** A job that may not start yet. */
export type ScheduledSubmission = Submission & Required<Pick<Submission, 'runAfter'>>;

/** The right to settle: the job and the number of the attempt that owns it. */
export interface Fence extends JobIdentity {
  attempt: number;
}

/** What is known about a job when it ends. */
export type EndedJob = JobIdentity & Pick<Submission, 'acceptedAt' | 'traceId'>;
/** The same of a job that was attempted, or whose attempt is 0 if no attempt may run it. */
export type AttemptedJob = EndedJob & Fence;

/** An attempt at a job: its message, and the job with the attempt's number, which is 0 if no attempt may run it. */
export interface Attempt {
  message: Message;
  /**
   * Once it is claimed, `acceptedAt` is that of the first message that a consumer saw, which defines the job: all messages of
   * a job name its workflow alike.
   */
  job: Submission & Fence;
  /** The number of its attempts that do not count for `maxAttempts`, because they were before it was replayed. */
  attemptsBefore: number;
}

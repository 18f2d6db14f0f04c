import type { JobIdentity, Outcome, Progress, JobError as StoredError } from '../contracts/job.ts';
import type { AttributeName, SubmitOptions } from '../contracts/submit.ts';

/** One message as its queue delivered it, in our words. */
export interface Message {
  messageId: string;
  body: string;
  attributes: Readonly<Partial<Record<AttributeName, string>>>;
  groupId: string | undefined;
  /** How often the queue has delivered it, this time included. */
  receiveCount: number;
  sentAt: Date;
}

/** What is known of a job from its message, before anything ran. */
export interface Submission extends JobIdentity {
  acceptedAt: Date;
  traceId: string;
  /** What the client said besides the input, as far as it fits. */
  options: SubmitOptions;
  /** Tells this body from another one that was submitted under the same id. */
  bodyDigest: string;
}

/** The right to settle: the job and the number of the attempt that owns it. */
export interface Fence extends JobIdentity {
  attempt: number;
}

/** One attempt at a job: the message that brought it, and the job with the attempt's number, which is 0 if none may run it. */
export interface Attempt {
  message: Message;
  job: Submission & Fence;
}

/** What a claim found. Only `claimed` gives the right to run. */
export type ClaimAnswer =
  | { kind: 'claimed'; attempt: number }
  /** It has its outcome already: drop the message. */
  | { kind: 'settled'; outcome: Outcome }
  /** It was claimed with another body, whose message is in the lane or done: drop this one. */
  | { kind: 'other-body' }
  /** A live attempt owns it until then. */
  | { kind: 'owned'; leaseUntil: Date }
  /** The last attempt's lease ended without a word: it crashed, ran out of memory or never came back. */
  | { kind: 'vanished'; attempt: number }
  /** All attempts are used up, and none of them is alive. */
  | { kind: 'exhausted'; attempt: number; error: StoredError | undefined };

export interface ClaimOptions {
  now: Date;
  leaseUntil: Date;
  maxAttempts: number;
  /** Claim it even if the last attempt vanished; otherwise the answer is `vanished`. */
  evenIfVanished: boolean;
}

/** How a job ended. */
export type Settlement =
  | { outcome: 'SUCCEEDED'; result: StoredResult; now: Date }
  | { outcome: 'FAILED'; error: StoredError; archiveKey: string; now: Date };

/**
 * A result in the row, or where it lies if it is too big for one. As text: not every JSON is a DynamoDB map (numbers beyond
 * 2^53, 33 levels, a name such as `__proto__`), and a settle that always fails would look like attempts that vanished.
 */
export type StoredResult = { json: string } | { key: string; bytes: number };

/** The jobs table, as far as an attempt needs it. Each call is one conditional write. */
export interface JobStore {
  claim(job: Submission, options: ClaimOptions): Promise<ClaimAnswer>;
  /** @returns false if this attempt no longer owns the job: someone newer does, or it is settled */
  settle(fence: Fence, settlement: Settlement): Promise<boolean>;
  /** Gives the job back to its lane after a failed attempt. @returns as {@link JobStore.settle} */
  release(fence: Fence, failure: { error: StoredError; now: Date }): Promise<boolean>;
  /** Fails a job that no attempt may run. @returns false if it was attempted or settled before */
  refuse(job: Submission, settlement: Settlement & { outcome: 'FAILED' }): Promise<boolean>;
  recordProgress(fence: Fence, progress: Progress): Promise<void>;
}

/** Where what cannot stay in the table or the lane goes. */
export interface Archive {
  /** Keeps a failed job, complete enough to replay it. @returns its key */
  keepFailed(message: Message, job: Submission, error: StoredError): Promise<string>;
  /** Parks a message that belongs to no job. @returns its key */
  park(message: Message, reason: string): Promise<string>;
  /** Keeps a result that is too big for the row. @returns its key */
  keepResult(fence: Fence, json: string): Promise<string>;
}

/** The two ways back into the lane. */
export interface LaneReturns {
  /** Leaves the message in flight and makes it visible after `seconds` (0 to 43,200). */
  showAgainAfter(message: Message, seconds: number): Promise<void>;
  /** Sends a copy that keeps the job's identity, visible after `seconds` (0 to 900). Standard lanes only. */
  sendAgain(message: Message, jobId: string, seconds: number): Promise<void>;
}

/** What is worth measuring and logging about attempts. */
export interface Observer {
  claimed(job: Attempt['job'], waitedMs: number): void;
  settled(job: Attempt['job'], outcome: Outcome, latencyMs: number): void;
  retrying(job: Attempt['job'], error: StoredError, afterSeconds: number): void;
  parked(message: Message, reason: string, key: string): void;
  /** A late attempt's answer that was thrown away, or a duplicate that was dropped. */
  dropped(job: JobIdentity, reason: string): void;
  /** A message could not be handled; it comes again when its visibility timeout ends. */
  broke(message: Message, thrown: unknown): void;
}

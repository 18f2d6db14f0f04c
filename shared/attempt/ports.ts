import type { NO_TENANT } from '../contracts/failure.ts';
import type { JobError, JobIdentity, Outcome, Progress } from '../contracts/job.ts';
import type { ClaimAnswer, ClaimOptions, GoingState } from './claim.ts';
import type { DueReference, DueTime, ScheduleAnswer } from './due-time.ts';
import type { FileWriter, UploadedFile } from './job-code.ts';
import type { KeptMessage, Message } from './message.ts';
import type { Ended, Settlement } from './settlement.ts';
import type { Attempt, EndedJob, Fence, ScheduledSubmission, Submission } from './submission.ts';

/** What an attempt needs of the jobs table. Each call is one conditional write, unless it says otherwise. */
export interface JobStore {
  claim(job: Submission, options: ClaimOptions): Promise<ClaimAnswer>;
  /**
   * @returns false if this attempt no longer owns the job, because a newer one does or it is settled; also for CANCELLED if
   *   nobody asked to cancel the job, and for FAILED and EXPIRED if somebody did
   */
  settle(fence: Fence, settlement: Settlement): Promise<boolean>;
  /**
   * Ends the lease of an attempt that goes on without its consumer, and puts the job into the due index.
   *
   * @param look when the job is to be looked at
   * @returns undefined if this attempt no longer owns the job; else the reference that must be sent, if the look is soon, and
   *   that the job is to be cancelled, if so: whoever asked for it did not know of the workflow
   */
  handOver(
    fence: Fence,
    look: { at: Date; now: Date },
  ): Promise<{ soon: DueTime | undefined; state: GoingState } | undefined>;
  /**
   * Gives the job back to its lane after a failed attempt, unless somebody asked to cancel it. @returns as
   * {@link JobStore.settle}
   */
  release(fence: Fence, failure: { error: JobError; now: Date }): Promise<boolean>;
  /** Fails a job that no attempt may run. @returns false if it was attempted or settled before */
  refuse(job: Submission, settlement: Ended): Promise<boolean>;
  /** Lets a job that may not start yet wait in its row, with its message. */
  schedule(job: ScheduledSubmission, message: KeptMessage, now: Date): Promise<ScheduleAnswer>;
  /**
   * Settles a job whose time to start is over.
   *
   * @returns false if it was attempted or settled before, or if the message that defines the job gives it more time
   */
  expire(job: Submission, settlement: Ended<'EXPIRED'>): Promise<boolean>;
  /** @param direction with `forward`, progress that is not further than what is recorded changes nothing */
  recordProgress(fence: Fence, progress: Progress, direction?: 'forward'): Promise<void>;
  /** Whether somebody asked to cancel the job. This is a read. */
  isCancelRequested(job: JobIdentity): Promise<boolean>;
  /**
   * Counts a message with another body than the job's, and changes nothing else.
   *
   * @returns false if it was the last one to be counted, because the lane delivered it again
   */
  recordConflict(job: Submission, conflict: { messageId: string; now: Date }): Promise<boolean>;
  /**
   * Notes that the message of a job that blocks its order key is invisible.
   *
   * @param receipt with it, the message can be made visible again
   * @returns `held`; or `open` if the job is to run again, or `over` if it does not block its key (any more)
   */
  hold(job: JobIdentity, receipt: string): Promise<'held' | 'open' | 'over'>;
  /** Ends the blocking of an order key by a job, which stays FAILED. @returns false if it blocks none */
  unblock(job: JobIdentity): Promise<boolean>;
  /** Makes a parked message findable. It has no influence on its job. */
  recordParked(parked: ParkedMessage): Promise<void>;
}

/** A message that was parked, for those who look for failures. */
export interface ParkedMessage {
  /** Its job. A message that belongs to no job has its own id, and the tenant {@link NO_TENANT}. */
  job: JobIdentity;
  reason: string;
  archiveKey: string;
  now: Date;
}

/** Keeps what cannot stay in the table or in the lane. */
export interface Archive {
  /** Keeps a failed job with everything needed to replay it. @returns its key */
  keepFailed(message: Message, job: EndedJob, error: JobError): Promise<string>;
  /** Keeps the message of an attempt that goes on without its consumer, for the archive in case it fails. */
  keepStarted(message: Message, fence: Fence): Promise<void>;
  /** Parks a message that belongs to no job. @returns its key */
  park(message: Message, reason: string): Promise<string>;
  /** Keeps the body of a scheduled job that is too big for the row. @returns its key */
  keepBody(job: Submission, body: string): Promise<string>;
  /** Keeps a result that is too big for the row. @returns its key */
  keepResult(fence: Fence, json: string): Promise<string>;
}

/** The objects that job code reads and writes. */
export interface Files {
  /** Opens an upload, and claims it for a job. @returns undefined if the tenant has no such upload */
  open(tenant: string, pointer: string): Promise<UploadedFile | undefined>;
  /** Begins a file of the attempt's result. */
  create(fence: Fence, name: string, contentType: string): FileWriter;
}

/** The two ways back into the lane. */
export interface LaneReturns {
  /** With it, a message that is invisible can be made visible from elsewhere. */
  receiptOf(message: Message): string;
  /** Makes the message visible again after `seconds` (0 to 43,200); until then it stays in flight. */
  showAgainAfter(message: Message, seconds: number): Promise<void>;
  /** Sends a copy that keeps the job's identity, visible after `seconds` (0 to 900). Standard lanes only. */
  sendAgain(message: Message, jobId: string, seconds: number): Promise<void>;
}

/** The queue of references to jobs that fall due, see shared/runtime/due. */
export interface DueQueue {
  /** @param at when the reference is to be handled, at most 900 s ahead */
  send(reference: DueReference, at: Date): Promise<void>;
}

/** Measures and logs what happens to jobs. */
export interface Observer {
  claimed(job: Attempt['job'], waitedMs: number): void;
  settled(job: Fence, outcome: Outcome, latencyMs: number): void;
  retrying(job: Attempt['job'], error: JobError, afterSeconds: number): void;
  parked(message: Message, reason: string, key: string): void;
  /** A FAILED job blocks its order key. It is reported when that begins, and then each hour, with its message's age. */
  blocking(job: JobIdentity, ageSeconds: number): void;
  /** The later jobs of an order key run although a person has not decided, because the lane can hold them no longer. */
  ranOn(job: JobIdentity, reason: string): void;
  /** The result of a late attempt, or a duplicate message, was dropped. */
  dropped(job: JobIdentity, reason: string): void;
  /** A message could not be handled. It comes again when its visibility timeout ends. */
  broke(message: Message, thrown: unknown): void;
}

import type { NO_TENANT } from '../contracts/failure.ts';
import type { FIRING_ATTRIBUTE } from '../contracts/firing.ts';
import type { Decision, JobError, JobIdentity, Outcome, Progress } from '../contracts/job.ts';
import type { REPLAY_ATTRIBUTE, REPLAY_OF_ATTRIBUTE, Replay } from '../contracts/replay.ts';
import type { SearchTerm } from '../contracts/search-keys.ts';
import type { AttributeName, SubmitOptions } from '../contracts/submit-attributes.ts';
import type { FileWriter, UploadedFile } from './job-code.ts';

/** A message as the queue delivered it. */
export interface Message {
  messageId: string;
  body: string;
  attributes: Readonly<
    Partial<
      Record<AttributeName | typeof FIRING_ATTRIBUTE | typeof REPLAY_ATTRIBUTE | typeof REPLAY_OF_ATTRIBUTE, string>
    >
  >;
  groupId: string | undefined;
  /** How often the queue has delivered it, including this time. */
  receiveCount: number;
  sentAt: Date;
}

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

/**
 * A message that waits in its job's row, with everything needed to send it into its lane. A body that would make each write
 * of the row dearer than an object in S3 is in the archive, under its key.
 */
export interface KeptMessage extends Pick<Message, 'messageId' | 'attributes'> {
  groupId?: string;
  /** The name of its lane's queue. */
  lane: string;
  /** The body, deflated (RFC 1951). */
  body: { deflated: Uint8Array } | { key: string };
}

/** A job that may not start yet. */
export type ScheduledSubmission = Submission & Required<Pick<Submission, 'runAfter'>>;

/** A reference to a job in the due index. It is worth nothing once the job has another place there, or none. */
export interface DueReference {
  pk: string;
  dueSort: string;
}

/** A reference that its writer must send, because the tick would find it too late, and when it falls due. */
export interface DueTime {
  reference: DueReference;
  at: Date;
}

/** The result of scheduling a job. */
export type ScheduleAnswer =
  /**
   * It waits in its row. That is also the answer to a duplicate message, whose reference may have been lost.
   * @param soon the reference to send now, and its time, if the job falls due before the tick would find it
   */
  | { kind: 'scheduled'; soon: DueTime | undefined }
  | Extract<ClaimAnswer, { kind: 'settled' | 'other-body' }>
  /** It was scheduled before, for `runAfter`, and has entered its lane. */
  | { kind: 'entered'; runAfter: Date | undefined };

/** The result of a claim. Only `claimed` gives the right to run. */
export type ClaimAnswer =
  /** @param attemptsBefore see {@link Attempt}; @param acceptedAt see `job` there */
  | { kind: 'claimed'; attempt: number; attemptsBefore: number; acceptedAt: Date }
  /** The job already has its outcome: drop the message, unless it blocks its order key. */
  | { kind: 'settled'; outcome: Outcome; blocks?: boolean }
  /** The job has another body, which this message does not change. */
  | { kind: 'other-body' }
  /** The job waits in its row for a later time, with its message: drop this one. */
  | { kind: 'scheduled' }
  /** The job's workflow was started and goes on without a consumer. */
  | { kind: 'started'; attempt: number; acceptedAt: Date; untold: Untold | undefined }
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

/** How a job ended. */
export type Settlement =
  | { outcome: 'SUCCEEDED'; result: StoredResult; now: Date }
  /** Only if nobody asked to cancel the job. */
  | Ended
  /** Only if somebody asked to cancel the job. */
  | { outcome: 'CANCELLED'; now: Date };

/**
 * A result in the row, or its key in the payload bucket if it is too big for the row. It is stored as JSON text, or as that
 * text deflated (RFC 1951), because not every JSON fits a DynamoDB map (numbers beyond 2^53, 33 levels, a name such as
 * `__proto__`). If it did not fit, each settle would fail, and the attempts would look as if they had vanished.
 */
export type StoredResult = { json: string } | { deflated: Uint8Array } | { key: string; bytes: number };

/** A message that was parked, for those who look for failures. */
export interface ParkedMessage {
  /** Its job. A message that belongs to no job has its own id, and the tenant {@link NO_TENANT}. */
  job: JobIdentity;
  reason: string;
  archiveKey: string;
  now: Date;
}

/** What an attempt needs of the jobs table. Each call is one conditional write, unless it says otherwise. */
export interface JobStore {
  claim(job: Submission, options: ClaimOptions): Promise<ClaimAnswer>;
  /**
   * @returns false if this attempt no longer owns the job, because a newer one does or it is settled; also if the outcome
   *   does not fit whether its cancelling was asked for
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
  ): Promise<{ soon: DueTime | undefined; untold: Untold | undefined } | undefined>;
  /**
   * Gives the job back to its lane after a failed attempt, unless its cancelling was asked for. @returns as
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

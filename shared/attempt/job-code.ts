import type { Progress } from '../contracts/job.ts';
import type { InputOf, ResultOf } from '../contracts/job-type.ts';

/** The logger of a job's code. Each entry is one JSON line and includes the job's ids. */
export interface JobLogger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** An object that the job's tenant has uploaded. */
export interface UploadedFile {
  bytes: number;
  /** As the client announced it. */
  contentType: string;
  /** Changes when the client uploads again. */
  etag: string;
  /** Reads it from its start, in pieces of at most 4 MiB. */
  stream(): AsyncIterable<Uint8Array>;
}

/** Writes a file of a result, however long, while holding at most 8 MiB of it in memory. */
export interface FileWriter {
  write(text: string): Promise<void>;
  /** Ends the file. @returns what to put into the result: a client reads a link there (contracts/result-file.ts) */
  end(): Promise<string>;
}

/** The running job, as its code sees it. */
export interface Job {
  /** The job type's name. */
  readonly type: string;
  readonly id: string;
  readonly tenant: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** When the front door accepted the job. */
  readonly acceptedAt: Date;
  /** The W3C trace id (32 hex digits) that the job, its log lines and its events share. */
  readonly traceId: string;
  /** A key (64 hex digits) that is the same in every attempt at this job: pass it to whatever must happen only once. */
  idempotencyKey(step: string): string;
  /**
   * The JSON text of a field of the input, exactly as the client wrote it. Use it to hand a document on: the parsed field
   * lacks what JavaScript cannot hold, such as the digits of large numbers.
   *
   * @returns undefined if the client did not send the field
   */
  inputText(field: string): string | undefined;
  /**
   * Opens an upload whose pointer is in a field of the input that the contract names in `uploads`. From then on the upload
   * is kept for as long as the job can be replayed.
   *
   * @throws PermanentJobError `UPLOAD_NOT_FOUND` if this tenant has no such upload, or it has expired
   */
  open(pointer: string): Promise<UploadedFile>;
  /**
   * Begins a file that belongs to the result. A file that is not ended is thrown away.
   *
   * @param name 1 to 64 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`
   */
  write(name: string, contentType: string): FileWriter;
  /** Reports how far the job is. It is written at most once a second; a failed write does not fail the job. */
  progress(progress: Progress): void;
  /**
   * Aborts when the attempt's time is up. It also aborts at most five seconds after the job's tenant cancelled it, with a
   * `JobCancelledError` as its reason: stop then, however you like. What the code returns or throws after that does not
   * count; the job settles as CANCELLED.
   */
  readonly signal: AbortSignal;
  readonly logger: JobLogger;
}

/**
 * A job type's code. If it returns, the job settles as SUCCEEDED. If it throws, the job is tried again after a backoff,
 * until its attempts are used up. To fail the job at once, throw `PermanentJobError`; to choose the wait, throw
 * `RetryLaterError`.
 */
export type Run<Input, Result> = (input: Input, job: Job) => Promise<Result>;

/** Returned by a {@link Start}: the job goes on without its consumer. */
export const STARTED = Symbol('started');

/**
 * Starts a job that goes on without its consumer, and is settled later. It may be called again for the same attempt, and
 * then does nothing. If it throws `PermanentJobError`, the job fails; after any other error it is called again.
 */
export type Start<Input> = (input: Input, job: Job) => Promise<typeof STARTED>;

/**
 * The running job, as a step of its workflow sees it. A step has no signal: its function's timeout ends it. It has no text
 * of the input, because a workflow passes on only the parsed input.
 */
export type StepJob = Omit<Job, 'progress' | 'signal' | 'inputText' | 'open' | 'write'>;

/** The code of a workflow's step. It may run more than once, in an attempt or in the next. It throws like {@link Run}. */
export type RunStep<Input, Output> = (input: Input, job: StepJob) => Promise<Output>;

/** The type of a job type's `run`: `RunOf<typeof contract>`. */
export type RunOf<T> = Run<InputOf<T>, ResultOf<T>>;

/** The type of a step of a job type's workflow. */
export type RunStepOf<T, Output> = RunStep<InputOf<T>, Output>;

/** What a person is asked about a job. */
export interface Asking {
  /** What the person decides, in words. */
  question: string;
  /** Who is asked, such as email addresses. */
  asked?: string[];
  /** How long the question stays open, in seconds from when it was first asked. */
  withinSeconds: number;
}

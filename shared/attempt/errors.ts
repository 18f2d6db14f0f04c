import type { JobError } from '../contracts/job.ts';

/** Why an attempt failed. */
export abstract class AttemptError extends Error {
  readonly code: string;
  readonly step: string | undefined;

  /** @param code stable, for programs, in upper snake case; @param step the workflow step that failed, if any */
  constructor(code: string, message: string, step?: string) {
    super(message);
    this.code = code;
    this.step = step;
  }
}

/** Thrown by a job's code when trying again cannot help: the job settles as FAILED at once. */
export class PermanentJobError extends AttemptError {
  override readonly name = 'PermanentJobError';
}

/** Thrown by a job's code when it knows how long to wait, for example from a `Retry-After`. It counts as an attempt. */
export class RetryLaterError extends AttemptError {
  override readonly name = 'RetryLaterError';
  readonly afterSeconds: number;

  constructor(code: string, message: string, afterSeconds: number, step?: string) {
    super(code, message, step);
    this.afterSeconds = afterSeconds;
  }
}

/**
 * Thrown in a durable workflow when what its job waited for did not come in time: the job settles as EXPIRED. A `Catch` of
 * the workflow still sees it and can undo what the steps did.
 */
export class JobExpiredError extends AttemptError {
  override readonly name = 'JobExpiredError';
}

/** An attempt did not end in time. */
export class JobTimeoutError extends AttemptError {
  override readonly name = 'JobTimeoutError';

  constructor(timeoutSeconds: number) {
    super('TIMED_OUT', `the attempt took longer than ${timeoutSeconds} s`);
  }
}

/** The tenant cancelled the job while it ran: the reason of the abort that its code sees. */
export class JobCancelledError extends AttemptError {
  override readonly name = 'JobCancelledError';

  constructor() {
    super('CANCELLED', 'the job was cancelled');
  }
}

/** The error of a job whose last attempt left none. */
export const VANISHED: JobError = {
  code: 'ATTEMPT_VANISHED',
  message: 'the last attempt ended without a result: it crashed, ran out of memory or blocked its process',
};

/** The error of a job that was sent into its lane and never attempted there. */
export const NEVER_STARTED: JobError = { code: 'NEVER_STARTED', message: 'no consumer started the job in 13 days' };

/** The error of a job whose time to start is over. */
export const expiredError = (expiresAfter: Date): JobError => ({
  code: 'EXPIRED',
  message: `the job had not started by ${expiresAfter.toISOString()}`,
});

/** The longest text that is kept with a job and sent with each of its events; an error can contain a whole document. */
const LONGEST_TEXT = 2000;

/** Makes the job's error of a thrown value, even if that is not an Error, or throws when it is read. */
export function jobErrorOf(thrown: unknown): JobError {
  try {
    return Error.isError(thrown) ? readError(thrown) : { code: 'NOT_AN_ERROR', message: shortened(describe(thrown)) };
  } catch {
    return { code: 'NOT_AN_ERROR', message: 'job code threw a value that cannot be shown' };
  }
}

function readError(thrown: Error): JobError {
  const { name, message, code, step } = thrown as { [field in 'name' | 'message' | 'code' | 'step']?: unknown };
  return {
    code: shortened(textOf(code) ?? textOf(name) ?? 'Error'),
    message: shortened(textOf(message) ?? textOf(name) ?? 'Error'),
    ...(typeof step === 'string' && { step: shortened(step) }),
  };
}

/** The value if it is a text that is not empty. */
export const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Cuts a text to the length that a job's error may have. */
export const shortened = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);

const describe = (thrown: unknown) =>
  `job code threw ${typeof thrown === 'string' ? `"${thrown}"` : (JSON.stringify(thrown) ?? String(thrown))}`;

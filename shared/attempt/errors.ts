import type { JobError } from '../contracts/job.ts';

/** Thrown by a job's code when trying again cannot help: the job settles FAILED at once. */
export class PermanentJobError extends Error {
  override readonly name = 'PermanentJobError';
  readonly code: string;
  readonly step: string | undefined;

  /** @param code stable, for programs, in upper snake case; @param step the workflow step that failed, if any */
  constructor(code: string, message: string, step?: string) {
    super(message);
    this.code = code;
    this.step = step;
  }
}

/** Thrown by a job's code when it knows how long to wait, such as from a `Retry-After`. Counts as an attempt. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly code: string;
  readonly afterSeconds: number;
  readonly step: string | undefined;

  constructor(code: string, message: string, afterSeconds: number, step?: string) {
    super(message);
    this.code = code;
    this.afterSeconds = afterSeconds;
    this.step = step;
  }
}

/** An attempt that did not end in its time. */
export class JobTimeoutError extends Error {
  override readonly name = 'JobTimeoutError';
  readonly code = 'TIMED_OUT';

  constructor(timeoutSeconds: number) {
    super(`the attempt took longer than ${timeoutSeconds} s`);
  }
}

/** Why a job failed whose attempts all ended without a word. */
export const VANISHED: JobError = {
  code: 'ATTEMPT_VANISHED',
  message: 'the last attempt ended without an answer: it crashed, ran out of memory or blocked its process',
};

/** Longest text that is kept with a job and sent with each event about it; an error can carry a whole document. */
const LONGEST_TEXT = 2000;

/** What was thrown, as the job's error; also for what is not an Error, only looks like one, or throws when it is looked at. */
export function jobErrorOf(thrown: unknown): JobError {
  try {
    return Error.isError(thrown) ? readError(thrown) : { code: 'NOT_AN_ERROR', message: shortened(describe(thrown)) };
  } catch {
    return { code: 'NOT_AN_ERROR', message: 'job code threw something that cannot be shown' };
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

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The text as a job's error may hold it. */
export const shortened = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);

const describe = (thrown: unknown) =>
  `job code threw ${typeof thrown === 'string' ? `"${thrown}"` : (JSON.stringify(thrown) ?? String(thrown))}`;

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

/** Thrown by a job's code when trying again cannot help: the job settles FAILED at once. */
export class PermanentJobError extends AttemptError {
  override readonly name = 'PermanentJobError';
}

/** Thrown by a job's code when it knows how long to wait, such as from a `Retry-After`. Counts as an attempt. */
export class RetryLaterError extends AttemptError {
  override readonly name = 'RetryLaterError';
  readonly afterSeconds: number;

  constructor(code: string, message: string, afterSeconds: number, step?: string) {
    super(code, message, step);
    this.afterSeconds = afterSeconds;
  }
}

/** An attempt that did not end in its time. */
export class JobTimeoutError extends AttemptError {
  override readonly name = 'JobTimeoutError';

  constructor(timeoutSeconds: number) {
    super('TIMED_OUT', `the attempt took longer than ${timeoutSeconds} s`);
  }
}

/** Why a job failed whose attempts all ended without an answer. */
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

/** The value if it is a text with something in it. */
export const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The text as a job's error may hold it. */
export const shortened = (text: string) => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);

const describe = (thrown: unknown) =>
  `job code threw ${typeof thrown === 'string' ? `"${thrown}"` : (JSON.stringify(thrown) ?? String(thrown))}`;

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

/** Longest message that is kept with a job; an error can carry a whole document. */
const MESSAGE_LENGTH = 2000;

/** What was thrown, as the job's error; also for what is not an Error. */
export function jobErrorOf(thrown: unknown): JobError {
  if (!(thrown instanceof Error)) return { code: 'NOT_AN_ERROR', message: cut(describe(thrown)) };
  const { code, step } = thrown as { code?: unknown; step?: unknown };
  return {
    code: typeof code === 'string' && code !== '' ? cut(code) : thrown.name || 'Error',
    message: cut(thrown.message || thrown.name),
    ...(typeof step === 'string' && { step: cut(step) }),
  };
}

const cut = (text: string) => (text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH)}…` : text);

function describe(thrown: unknown): string {
  try {
    return `job code threw ${typeof thrown === 'string' ? `"${thrown}"` : (JSON.stringify(thrown) ?? String(thrown))}`;
  } catch {
    return `job code threw a ${typeof thrown} that cannot be shown`;
  }
}

import {
  AttemptError,
  JobExpiredError,
  jobErrorOf,
  PermanentJobError,
  RetryLaterError,
  textOf,
} from '../../attempt/errors.ts';

/** A workflow that failed and is worth another attempt. */
export class WorkflowError extends AttemptError {
  override readonly name = 'WorkflowError';
}

/** The end of an execution that did not succeed. */
export interface FailedExecution {
  /** FAILED, TIMED_OUT or ABORTED. */
  status?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

/**
 * The error that a step throws into its workflow. Lambda passes on only an error's name and message. The workflow's
 * `Retry` and `Catch` match the name: `PermanentJobError`, `RetryLaterError`, `JobExpiredError`, or else the code of the
 * error. The message is JSON.
 */
export function stepFailure(thrown: unknown): Error {
  const { code, message } = jobErrorOf(thrown);
  const named = [PermanentJobError, RetryLaterError, JobExpiredError].some((kind) => thrown instanceof kind);
  const afterSeconds = thrown instanceof RetryLaterError ? thrown.afterSeconds : undefined;
  const failure = new Error(JSON.stringify({ code, message, afterSeconds }));
  failure.name = named ? (thrown as Error).name : code;
  failure.stack = [`${failure.name}: ${message}`, ...framesOf(thrown)].join('\n');
  return failure;
}

/** The stack of an error without its message, which the stack repeats and which may be too long for a workflow. */
const framesOf = (thrown: unknown) =>
  (thrown instanceof Error ? String(thrown.stack) : '').split('\n').filter((line) => /^ {4}at /.test(line));

/**
 * Makes the job's error from a failed execution; the counterpart of {@link stepFailure}. A workflow ends in a `Fail`
 * state with the name of the step's error as its `Error`. Its `Cause` is JSON with the `step` and, as `cause`, the caught
 * error. If a workflow ends in another way, the error has no step.
 */
export function executionError({ status, error = 'States.Unknown', cause = '' }: FailedExecution): Error {
  if (status === 'TIMED_OUT') return new WorkflowError('WORKFLOW_TIMED_OUT', 'the workflow did not end in time');
  if (status === 'ABORTED') return new WorkflowError('WORKFLOW_ABORTED', 'somebody stopped the workflow');
  const reported = parseFields(cause);
  const step = textOf(reported.step);
  const caught = step === undefined ? cause : (textOf(reported.cause) ?? '');
  const thrown = parseFields(caught);
  const name = textOf(thrown.errorType) ?? error;
  const reason = textOf(thrown.errorMessage) ?? caught;
  const own = parseFields(reason);
  const code = textOf(own.code) ?? name;
  const message = textOf(own.message) ?? (reason || `the workflow failed with ${error}`);
  if (name === 'PermanentJobError') return new PermanentJobError(code, message, step);
  if (name === 'JobExpiredError') return new JobExpiredError(code, message, step);
  if (name === 'RetryLaterError' && typeof own.afterSeconds === 'number') {
    return new RetryLaterError(code, message, own.afterSeconds, step);
  }
  return new WorkflowError(code, message, step);
}

function parseFields(json: string): Record<string, unknown> {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

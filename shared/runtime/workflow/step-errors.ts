import { jobErrorOf, PermanentJobError, RetryLaterError } from '../../attempt/errors.ts';

/** A workflow that failed and is worth another attempt. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
  readonly code: string;
  readonly step: string | undefined;

  constructor(code: string, message: string, step?: string) {
    super(message);
    this.code = code;
    this.step = step;
  }
}

/** How an execution ended that did not succeed. */
export interface FailedExecution {
  /** FAILED, TIMED_OUT or ABORTED. */
  status: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

/**
 * A step's failure, as it passes through the workflow. Of an error, Lambda hands on its name and its message alone: the
 * name is what the workflow's `Retry` and `Catch` choose by (`PermanentJobError`, `RetryLaterError`, else the error's code),
 * the message is JSON.
 */
export function stepFailure(thrown: unknown): Error {
  const { code, message } = jobErrorOf(thrown);
  const named = thrown instanceof PermanentJobError || thrown instanceof RetryLaterError;
  const afterSeconds = thrown instanceof RetryLaterError ? thrown.afterSeconds : undefined;
  const failure = new Error(JSON.stringify({ code, message, afterSeconds }));
  failure.name = named ? thrown.name : code;
  failure.stack = [`${failure.name}: ${message}`, ...framesOf(thrown)].join('\n');
  return failure;
}

/** Where it was thrown: its stack without the message, which stands there whole and may be longer than a workflow hands on. */
const framesOf = (thrown: unknown) =>
  (thrown instanceof Error ? String(thrown.stack) : '').split('\n').filter((line) => /^ {4}at /.test(line));

/**
 * The job's error from an execution's, the counterpart of {@link stepFailure}. A workflow ends in a `Fail` state whose `Error`
 * is the step's error name and whose `Cause` is JSON: `step`, and as `cause` what it caught. One that ends otherwise
 * has an error too, only no step.
 */
export function executionError({ status, error = 'States.Unknown', cause = '' }: FailedExecution): Error {
  if (status === 'TIMED_OUT') return new WorkflowError('WORKFLOW_TIMED_OUT', 'the workflow did not end in its time');
  if (status === 'ABORTED') return new WorkflowError('WORKFLOW_ABORTED', 'somebody stopped the workflow');
  const told = fieldsOf(cause);
  const step = text(told.step);
  const caught = step === undefined ? cause : (text(told.cause) ?? '');
  const thrown = fieldsOf(caught);
  const name = text(thrown.errorType) ?? error;
  const reason = text(thrown.errorMessage) ?? caught;
  const own = fieldsOf(reason);
  const code = text(own.code) ?? name;
  const message = text(own.message) ?? (reason || `the workflow failed with ${error}`);
  if (name === 'PermanentJobError') return new PermanentJobError(code, message, step);
  if (name === 'RetryLaterError' && typeof own.afterSeconds === 'number') {
    return new RetryLaterError(code, message, own.afterSeconds, step);
  }
  return new WorkflowError(code, message, step);
}

function fieldsOf(json: string): Record<string, unknown> {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

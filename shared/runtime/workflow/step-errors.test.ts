import fc from 'fast-check';
import { PermanentJobError, RetryLaterError } from '../../attempt/errors.ts';
import { executionError, stepFailure, WorkflowError } from './step-errors.ts';

/**
 * Takes a thrown value the way of a workflow: Lambda's response, the state that catches it, the `Fail` state, the
 * execution.
 */
function throughTheWorkflow(thrown: unknown, step: string) {
  const { name, message } = stepFailure(thrown);
  const caught = { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }) };
  return executionError({
    status: 'FAILED',
    error: caught.Error,
    cause: JSON.stringify({ step, cause: caught.Cause }),
  });
}

describe('a step’s error', () => {
  it('passes a step’s error to the job with its code, message and step, and keeps whether it is permanent', () => {
    const code = fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/);
    const message = fc.string({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(code, message, fc.constantFrom('charge', 'reserve-stock'), (errorCode, text, step) => {
        const thrown = [
          new PermanentJobError(errorCode, text),
          new RetryLaterError(errorCode, text, 30),
          Object.assign(new Error(text), { code: errorCode }),
        ];
        const arrived = thrown.map((error) => throughTheWorkflow(error, step));
        for (const error of arrived) expect(error).toMatchObject({ code: errorCode, message: text, step });
        expect(arrived[0]).toBeInstanceOf(PermanentJobError);
        expect(arrived[1]).toMatchObject({ name: 'RetryLaterError', afterSeconds: 30 });
        expect(arrived[2]).toBeInstanceOf(WorkflowError);
      }),
    );
  });

  it('keeps a step’s error with its stack short enough for a workflow, and keeps where it was thrown', () => {
    const { name, message, stack = '' } = stepFailure(new PermanentJobError('ODD', '"'.repeat(100_000)));
    const answer = JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
    // the Cause of a Fail state: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
    expect(JSON.stringify({ step: 'charge', cause: answer }).length).toBeLessThan(32_768);
    expect(stack).toContain('step-errors.test.ts');
  });

  it('passes a thrown value that is not an Error from a step to the job', () => {
    expect(throughTheWorkflow('boom', 'charge')).toMatchObject({
      code: 'NOT_AN_ERROR',
      message: expect.stringContaining('boom'),
      step: 'charge',
    });
  });
});

describe('an execution', () => {
  it.each([
    ['took too long', { status: 'TIMED_OUT' }, 'WORKFLOW_TIMED_OUT', 'time'],
    ['was stopped by somebody', { status: 'ABORTED' }, 'WORKFLOW_ABORTED', 'stopped'],
    ['has a wrong expression', { error: 'States.QueryEvaluationError', cause: 'no $x' }, undefined, 'no $x'],
    ['gives no reason', {}, 'States.Unknown', 'failed'],
    [
      'had a step that was killed',
      { error: 'Runtime.ExitError', cause: '{"errorType":"Runtime.ExitError"}' },
      undefined,
      '',
    ],
    ['ended in a Fail state with a plain text', { error: 'NO_MOON', cause: 'wait for it' }, undefined, 'wait for it'],
    ['has a cause that is JSON but not an object', { error: 'ODD', cause: 'null' }, undefined, 'null'],
  ])('asks for another attempt, with the reason, when an execution %s', (_, execution, code, reason) => {
    const error = executionError({ status: 'FAILED', ...execution });
    expect(error).toBeInstanceOf(WorkflowError);
    const named = 'error' in execution ? execution.error : undefined;
    expect(error).toMatchObject({ code: code ?? named, message: expect.stringContaining(reason) });
  });

  it('treats a permanent error as permanent even if step() did not wrap it', () => {
    const cause = JSON.stringify({ errorType: 'PermanentJobError', errorMessage: 'never' });
    expect(executionError({ status: 'FAILED', error: 'PermanentJobError', cause })).toMatchObject({
      name: 'PermanentJobError',
      message: 'never',
    });
  });
});

import fc from 'fast-check';
import { PermanentJobError, RetryLaterError } from '../../attempt/errors.ts';
import { executionError, stepFailure, WorkflowError } from './step-errors.ts';

/** What becomes of a thrown value on its way: Lambda's answer, the state that catches it, the `Fail` state, the execution. */
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
  it('arrives at the job with its code, its message and the step, and as permanent as it was', () => {
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

  it('is short enough to be handed on, stack and all, and still says where it was thrown', () => {
    const { name, message, stack = '' } = stepFailure(new PermanentJobError('ODD', '"'.repeat(100_000)));
    const answer = JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split('\n') });
    // the Cause of a Fail state: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
    expect(JSON.stringify({ step: 'charge', cause: answer }).length).toBeLessThan(32_768);
    expect(stack).toContain('step-errors.test.ts');
  });

  it('arrives also if it is none', () => {
    expect(throughTheWorkflow('boom', 'charge')).toMatchObject({
      code: 'NOT_AN_ERROR',
      message: expect.stringContaining('boom'),
      step: 'charge',
    });
  });
});

describe('an execution', () => {
  it.each([
    ['that took too long', { status: 'TIMED_OUT' }, 'WORKFLOW_TIMED_OUT', 'time'],
    ['that somebody stopped', { status: 'ABORTED' }, 'WORKFLOW_ABORTED', 'stopped'],
    ['whose own expression is wrong', { error: 'States.QueryEvaluationError', cause: 'no $x' }, undefined, 'no $x'],
    ['that says nothing', {}, 'States.Unknown', 'failed'],
    [
      'whose step was killed',
      { error: 'Runtime.ExitError', cause: '{"errorType":"Runtime.ExitError"}' },
      undefined,
      '',
    ],
    ['that ends in a Fail state of plain text', { error: 'NO_MOON', cause: 'wait for it' }, undefined, 'wait for it'],
    ['whose cause is JSON but no object', { error: 'ODD', cause: 'null' }, undefined, 'null'],
  ])('%s is worth another attempt, and says why', (_, execution, code, reason) => {
    const error = executionError({ status: 'FAILED', ...execution });
    expect(error).toBeInstanceOf(WorkflowError);
    const named = 'error' in execution ? execution.error : undefined;
    expect(error).toMatchObject({ code: code ?? named, message: expect.stringContaining(reason) });
  });

  it('whose step threw a permanent error that no step() had wrapped is permanent all the same', () => {
    const cause = JSON.stringify({ errorType: 'PermanentJobError', errorMessage: 'never' });
    expect(executionError({ status: 'FAILED', error: 'PermanentJobError', cause })).toMatchObject({
      name: 'PermanentJobError',
      message: 'never',
    });
  });
});

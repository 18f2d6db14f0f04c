import { randomUUID } from 'node:crypto';
import { submit, waitForOutcome } from '@spillway/e2e/deployed.ts';

/** Enough for two attempts that time out, and the wait between them. */
const SLOW_SECONDS = 40;

async function outcome(behave: string) {
  const id = `${behave}-${randomUUID()}`;
  expect((await submit('misbehaving-workflow', { behave }, id)).status).toBe(202);
  return waitForOutcome('misbehaving-workflow', id, SLOW_SECONDS);
}

describe.each([
  ['succeed', 'SUCCEEDED', 1, undefined],
  ['fail-once', 'SUCCEEDED', 2, undefined],
  ['fail-always', 'FAILED', 2, { code: 'NEVER_WORKS', message: 'this never works', step: 'misbehave' }],
  ['fail-permanently', 'FAILED', 1, { code: 'NO_SUCH_THING', step: 'misbehave' }],
  ['throw-a-string', 'FAILED', 2, { code: 'NOT_AN_ERROR', step: 'misbehave' }],
  ['exit', 'FAILED', 2, { step: 'misbehave' }],
  ['hang', 'FAILED', 2, { code: 'WORKFLOW_TIMED_OUT' }],
  ['hang-once', 'SUCCEEDED', 2, undefined],
  ['return-nonsense', 'FAILED', 1, { code: 'RESULT_REFUSED' }],
])('a workflow whose step should %s', (behave, status, attempts, error) => {
  it(`settles a job as ${status} after ${attempts} attempts when its workflow’s step should ${behave}`, async () => {
    expect(await outcome(behave)).toMatchObject({ status, attempts, ...(error && { error }) });
  });
});

it('gives the steps of a workflow the job’s trace id', async () => {
  const { result, traceId } = await outcome('succeed');
  expect(result).toMatchObject({ traceId });
});

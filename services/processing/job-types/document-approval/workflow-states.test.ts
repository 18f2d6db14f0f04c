import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fit } from '@spillway/shared/contracts/job-type.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { parse } from 'yaml';

/** asl-validator has no type definitions. */
const validate: (definition: unknown) => { errors: unknown[] } = require('asl-validator');

interface State {
  Type: string;
  TimeoutSeconds: number | string;
  Retry: { MaxAttempts: number; IntervalSeconds: number; BackoffRate: number }[];
  Catch: { ErrorEquals: string[]; Next: string }[];
  Arguments: { FunctionName: string };
}

const read = (file: string) => parse(readFileSync(join(__dirname, file), 'utf8'), { merge: true });
const written = read('workflow.yml');
const states: Record<string, State> = written.States;
const tasks = Object.entries(states).filter(([, { Type }]) => Type === 'Task');

/** The longest time that a state of a step can take: every try until its timeout, every wait in full. */
function longest({ TimeoutSeconds, Retry }: State): number {
  const { MaxAttempts: retries, IntervalSeconds, BackoffRate } = Retry.at(-1) as State['Retry'][number];
  const waits = Array.from({ length: retries }, (_, index) => IntervalSeconds * BackoffRate ** index);
  return Number(TimeoutSeconds) * (retries + 1) + waits.reduce((sum, wait) => sum + wait, 0);
}

describe('the workflow of an approval', () => {
  it('is valid Amazon States Language', () => {
    expect(validate(structuredClone(written)).errors).toEqual([]);
  });

  it('withdraws the document whatever fails, and then fails with the error of the step', () => {
    const caught = tasks.map(([name, { Catch }]) => [name, Catch.at(-1)?.Next]);
    expect(Object.fromEntries(caught)).toEqual({
      prepare: 'withdraw',
      ask: 'withdraw',
      remind: 'withdraw',
      'end-question': 'withdraw',
      publish: 'withdraw',
      reject: 'withdraw',
      withdraw: 'failed',
    });
  });

  it('reminds when the first half of the time is over, and gives up only after the second', () => {
    const timedOut = (name: string) =>
      states[name]?.Catch.find(({ ErrorEquals }) => ErrorEquals[0] === 'States.Timeout');
    expect([timedOut('ask')?.Next, timedOut('remind')?.Next]).toEqual(['remind', 'end-question']);
    expect(states.remind?.TimeoutSeconds).toBe(states.ask?.TimeoutSeconds);
  });

  it('waits for every step at least as long as its function runs and a cold start of 2 s', () => {
    const steps = tasks.filter(([, { TimeoutSeconds }]) => typeof TimeoutSeconds === 'number');
    expect(steps).toHaveLength(5);
    for (const [, { TimeoutSeconds, Arguments }] of steps) {
      expect(TimeoutSeconds).toBeGreaterThanOrEqual(read(`steps/${Arguments.FunctionName}/function.yml`).timeout + 2);
    }
  });

  it('has the time for the longest decision with every retry of every step around it', () => {
    const longestDecision = 14 * 86_400;
    const accepts = (decideWithinSeconds: number) =>
      fit(documentApproval.input, { ...documentApproval.example.input, decideWithinSeconds }).success;
    expect([accepts(longestDecision), accepts(longestDecision + 1)]).toEqual([true, false]);
    const path = ['prepare', 'end-question', 'publish', 'withdraw'];
    const around = path.reduce((sum, name) => sum + longest(states[name] as State), 0);
    expect(longestDecision + around).toBeLessThan(documentApproval.timeoutSeconds);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { workflowTimeoutSeconds } from '@spillway/shared/contracts/lane.ts';
import { parse } from 'yaml';

/** asl-validator has no type definitions. */
const validate: (definition: unknown) => { errors: unknown[] } = require('asl-validator');

interface State {
  Type: string;
  TimeoutSeconds: number;
  Retry: { MaxAttempts: number; IntervalSeconds: number; BackoffRate: number }[];
  Catch: { Next: string }[];
  Next: string;
}

const read = (file: string) => parse(readFileSync(join(__dirname, file), 'utf8'), { merge: true });
const written = read('workflow.yml');
const states: Record<string, State> = written.States;
const tasks = Object.keys(states).filter((name) => states[name]?.Type === 'Task');
const caughtBy = (name: string) => states[name]?.Catch[0]?.Next ?? '';

/** The longest time that a state can take: every try until its timeout, every wait in full. */
function longest({ TimeoutSeconds, Retry }: State): number {
  const { MaxAttempts: retries, IntervalSeconds, BackoffRate } = Retry.at(-1) as State['Retry'][number];
  const waits = Array.from({ length: retries }, (_, index) => IntervalSeconds * BackoffRate ** index);
  return TimeoutSeconds * (retries + 1) + waits.reduce((sum, wait) => sum + wait, 0);
}

describe('the workflow of an order', () => {
  it('defines the order workflow in valid Amazon States Language', () => {
    expect(validate(structuredClone(written)).errors).toEqual([]);
  });

  it('waits for every step of the order workflow at least as long as its timeout and a cold start of 2 s', () => {
    for (const name of tasks)
      expect(states[name]?.TimeoutSeconds).toBeGreaterThanOrEqual(read(`steps/${name}/function.yml`).timeout + 2);
  });

  it('undoes a failed order, last step first, and then fails with the error of the step', () => {
    expect(['reserve-stock', 'charge', 'refund', 'release-stock'].map(caughtBy)).toEqual([
      'release-stock',
      'refund',
      'release-stock',
      'failed',
    ]);
    expect([states.refund?.Next, states['release-stock']?.Next]).toEqual(['release-stock', 'failed']);
  });

  it('keeps a paid order when its customer could not be notified', () => {
    expect(caughtBy('notify')).toBe('fulfilled');
  });

  it('leaves the order workflow enough time to undo everything after the longest retries', () => {
    const path = ['reserve-stock', 'charge', 'refund', 'release-stock'];
    const seconds = path.reduce((sum, name) => sum + longest(states[name] as State), 0);
    expect(seconds).toBeLessThanOrEqual(workflowTimeoutSeconds(orderFulfilment));
  });
});

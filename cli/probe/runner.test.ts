import type { Stage } from '@spillway/client/deployed-stage.ts';
import { CannotSay } from './cannot-say.ts';
import type { Check, Probe } from './check.ts';
import type { Context, ProbeTenant } from './context.ts';
import { longestMinutes, runProbes } from './runner.ts';

let lines: string[];
let stopping: AbortController;
beforeEach(() => {
  lines = [];
  stopping = new AbortController();
});

const check = (difference: Partial<Check<unknown>> = {}): Check<unknown> => ({
  name: 'a check',
  expected: 'something',
  run: () => ({ passed: true, seen: 'something' }),
  ...difference,
});
const probe = (difference: Partial<Probe<unknown>> = {}): Probe<unknown> => ({
  letter: 'A',
  title: 'a probe',
  minutes: 1,
  lanes: [],
  does: [],
  prepare: async () => undefined,
  checks: [check()],
  ...difference,
});
/** The checks here use neither the stage nor the tenant. */
const run = (probes: Probe<unknown>[], endpoint?: string) =>
  runProbes(probes, {
    stage: {} as Stage,
    tenant: {} as ProbeTenant,
    endpoint,
    label: 'probe',
    signal: stopping.signal,
    report: (line) => lines.push(line),
  });
const undoes = (what: string) => (context: Context) => {
  context.cleanUp.add(what, async () => lines.push(what));
  return Promise.resolve();
};

describe('a run of probes', () => {
  it('passes or fails a check by what it saw', async () => {
    const { results } = await run([
      probe({ checks: [check(), check({ run: () => ({ passed: false, seen: 'nothing' }) })] }),
    ]);
    expect(results.map(({ verdict, seen }) => [verdict, seen])).toEqual([
      ['pass', 'something'],
      ['fail', 'nothing'],
    ]);
  });

  it('never passes a check on the engine that needs what only AWS has, and does not run it', async () => {
    const { results } = await run([probe({ checks: [check({ needs: 'alarms' })] })], 'http://127.0.0.1:1');
    expect(results).toMatchObject([{ verdict: 'cannot say here', seen: expect.stringContaining('alarms') }]);
    expect((await run([probe({ checks: [check({ needs: 'alarms' })] })])).results).toMatchObject([{ verdict: 'pass' }]);
  });

  it('does not prepare a probe that cannot say anything', async () => {
    const prepare = () => Promise.reject(new Error('prepared'));
    const { results } = await run([probe({ prepare, checks: [check({ needs: 'alarms' })] })], 'http://127.0.0.1:1');
    expect(results[0]?.seen).not.toContain('prepared');
  });

  it('says why nothing can be said about what is not deployed', async () => {
    const missing = check({ run: () => Promise.reject(new CannotSay('analytics is not deployed')) });
    expect((await run([probe({ checks: [missing] })])).results).toMatchObject([
      { verdict: 'cannot say here', seen: 'analytics is not deployed' },
    ]);
  });

  it('undoes what was done in reverse order, also if the preparation or a check fails', async () => {
    const prepare = async (context: Context) => {
      await undoes('first')(context);
      await undoes('second')(context);
      throw new Error('no queue');
    };
    const { results } = await run([probe({ prepare })]);
    expect(results).toMatchObject([{ verdict: 'fail', seen: 'no queue' }]);
    expect(lines.slice(-2)).toEqual(['second', 'first']);
  });

  it('reports what it could not undo, and undoes the rest', async () => {
    const prepare = async (context: Context) => {
      await undoes('first')(context);
      context.cleanUp.add('delete the queue', () => Promise.reject(new Error('denied')));
    };
    const { leftBehind } = await run([probe({ prepare })]);
    expect(leftBehind).toEqual(['delete the queue: denied']);
    expect(lines).toContain('first');
  });

  it('undoes something only once if it was undone early', async () => {
    const prepare = async (context: Context) => {
      const undo = context.cleanUp.add('early', async () => lines.push('early'));
      await undo();
      await undo();
    };
    await run([probe({ prepare })]);
    expect(lines.filter((line) => line === 'early')).toEqual(['early']);
  });

  it('runs nothing more after it was interrupted, and still undoes what was done', async () => {
    const interrupt = check({
      run: async () => {
        stopping.abort();
        throw new Error('aborted');
      },
    });
    const { results } = await run([probe({ prepare: undoes('undone'), checks: [interrupt, check()] })]);
    expect(results.map(({ verdict, seen }) => `${verdict}: ${seen}`)).toEqual(
      Array(2).fill('cannot say here: it was interrupted'),
    );
    expect(lines.at(-1)).toBe('undone');
  });

  it('runs probes that need the same lane one after the other, and the others at the same time', async () => {
    const started: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const on = (letter: string, lanes: string[], wait?: Promise<void>) =>
      probe({
        letter,
        lanes,
        prepare: async () => {
          started.push(letter);
          await wait;
        },
      });
    const ran = run([on('A', ['x', 'y'], held), on('B', ['y']), on('C', ['z'])]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual(['A', 'C']);
    release();
    expect((await ran).results.map((each) => each.probe)).toEqual(['A', 'B', 'C']);
  });

  it('takes as long as the longest chain of probes that need the same lane', () => {
    const took = (lanes: string[], minutes: number) => probe({ lanes, minutes });
    expect(longestMinutes([took(['x'], 10), took(['x'], 5), took(['y'], 12)])).toBe(15);
  });
});

import { CannotSay } from './cannot-say.ts';
import { type Check, ENGINE_LACKS, type Probe } from './check.ts';
import { CleanUp } from './clean-up.ts';
import type { Context } from './context.ts';

/** What a check said. */
export type Verdict = 'pass' | 'fail' | 'cannot say here';

/** A row of the report. */
export interface Result {
  probe: string;
  name: string;
  expected: string;
  verdict: Verdict;
  /** What was seen, or why nothing could be said. */
  seen: string;
}

/** What a run of probes found, and what it could not undo. */
export interface Findings {
  results: Result[];
  leftBehind: string[];
}

type Shared = Omit<Context, 'cleanUp'>;

/**
 * Runs probes at the same time, except those that need the same lane. Each undoes what it did when it is over, whatever
 * happened.
 */
export async function runProbes(probes: readonly Probe<unknown>[], shared: Shared): Promise<Findings> {
  const free = new Map<string, Promise<unknown>>();
  const runs = probes.map((probe) => {
    const before = Promise.all(probe.lanes.map((lane) => free.get(lane)));
    const run = before.then(() => runProbe(probe, shared));
    for (const lane of probe.lanes) free.set(lane, run);
    return run;
  });
  const all = await Promise.all(runs);
  return {
    results: all.flatMap(({ results }) => results),
    leftBehind: all.flatMap(({ leftBehind }) => leftBehind),
  };
}

/** About how many minutes {@link runProbes} takes on AWS. */
export function longestMinutes(probes: readonly Probe<unknown>[]): number {
  const free = new Map<string, number>();
  const ends = probes.map(({ lanes, minutes }) => {
    const end = Math.max(0, ...lanes.map((lane) => free.get(lane) ?? 0)) + minutes;
    for (const lane of lanes) free.set(lane, end);
    return end;
  });
  return Math.max(0, ...ends);
}

async function runProbe(probe: Probe<unknown>, shared: Shared): Promise<Findings> {
  const cleanUp = new CleanUp(shared.report);
  const context: Context = { ...shared, cleanUp };
  const results: Result[] = [];
  const lacking = ({ needs }: Check<unknown>) => (context.endpoint && needs ? ENGINE_LACKS[needs] : undefined);
  // what cannot be judged need not be prepared
  const prepared = probe.checks.every(lacking) ? undefined : await attempt(context, () => probe.prepare(context));
  for (const check of probe.checks) {
    const reason = lacking(check);
    const said: Said = reason ? { verdict: 'cannot say here', seen: reason } : await judge(context, check, prepared);
    results.push({ probe: probe.letter, name: check.name, expected: check.expected, ...said });
    shared.report(`${probe.letter}: ${check.name}: ${said.verdict} (${said.seen})`);
  }
  return { results, leftBehind: await cleanUp.run() };
}

type Said = Pick<Result, 'verdict' | 'seen'>;
type Attempted<T> = { value: T } | { failure: Said };

async function judge(context: Context, check: Check<unknown>, prepared?: Attempted<unknown>): Promise<Said> {
  if (prepared && 'failure' in prepared) return prepared.failure;
  const ran = await attempt(context, async () => check.run(prepared?.value, context));
  if ('failure' in ran) return ran.failure;
  return { verdict: ran.value.passed ? 'pass' : 'fail', seen: ran.value.seen };
}

/** Runs something that may fail, or may be interrupted. */
async function attempt<T>({ signal }: Context, run: () => Promise<T>): Promise<Attempted<T>> {
  const interrupted: Attempted<T> = { failure: { verdict: 'cannot say here', seen: 'it was interrupted' } };
  if (signal.aborted) return interrupted;
  try {
    return { value: await run() };
  } catch (error) {
    if (signal.aborted) return interrupted;
    const verdict = error instanceof CannotSay ? 'cannot say here' : 'fail';
    return { failure: { verdict, seen: (error as Error).message } };
  }
}

import type { Context } from './context.ts';

/** What a check saw, and whether it is what was expected. */
export interface Seen {
  passed: boolean;
  seen: string;
}

/**
 * What only AWS has, with the reason why a check that needs it can say nothing on the local engine
 * (docs/engine-gaps.md).
 */
export const ENGINE_LACKS = {
  alarms: 'the engine has no metrics of queues and event sources, so its alarms do not go off',
  gatewayRoles: "the engine does not enforce API Gateway's roles",
  loopDetection: 'the engine does not detect loops through queues',
  traceHeader: 'API Gateway sends no trace header to SQS on the engine',
  workflowLogs: 'state machines of the engine write no logs',
} as const;

/** One thing that is compared with what AWS does. `Prepared` is what its probe made before. */
export interface Check<Prepared> {
  name: string;
  /** In a person's words, for the report. */
  expected: string;
  needs?: keyof typeof ENGINE_LACKS;
  /** @throws CannotSay if the stage lacks what the check needs; any other error fails the check */
  run(prepared: Prepared, context: Context): Promise<Seen> | Seen;
}

/** Some checks that belong together, one after the other. */
export interface Probe<Prepared> {
  letter: string;
  title: string;
  /** About how long it takes on AWS. */
  minutes: number;
  /** The job types whose lanes it needs for itself, so that no other probe disturbs them. */
  lanes: readonly string[];
  /** What it creates on the stage, or changes and puts back. Shown before anything is done. */
  does: readonly string[];
  /** Makes what the checks need. Whatever it makes is undone by the context's clean-up. */
  prepare(context: Context): Promise<Prepared>;
  checks: readonly Check<Prepared>[];
}

/** Compares what was seen with a list of expectations, each with its name. */
export function expectAll(seen: string, expectations: Record<string, boolean>): Seen {
  const missing = Object.entries(expectations).flatMap(([name, holds]) => (holds ? [] : name));
  return {
    passed: missing.length === 0,
    seen: missing.length === 0 ? seen : `${seen}; not as expected: ${missing.join(', ')}`,
  };
}

import type { Stage } from '@spillway/client/deployed-stage.ts';
import type { Credentials } from '@spillway/client/tenants.ts';
import type { Engine } from '@spillway/engine/engine.ts';
import type { Outputs } from '@spillway/engine/outputs.ts';

/** Calls by `<service>.<operation>`, as the engine names them. */
export type Calls = Readonly<Record<string, number>>;

/** A running engine with everything deployed to it. */
export interface Deployed {
  engine: Engine;
  stage: Stage;
  tenant: Credentials;
  /** A second tenant. */
  another(): Promise<Credentials>;
  outputs: Outputs;
  calls: ReturnType<typeof engineCalls>;
}

/** The engine's counter of AWS calls (local/engine/patches/call_counter.py). */
export function engineCalls({ endpoint }: Engine) {
  const url = `${endpoint}/_spillway/calls`;
  return {
    reset: () => fetch(`${url}/reset`, { method: 'POST' }),
    read: async () => (await (await fetch(url)).json()) as Calls,
    /** The calls of each function, by its name on the stage; under an empty name are those of no function. */
    readByFunction: async () => (await (await fetch(`${url}/by-function`)).json()) as Readonly<Record<string, Calls>>,
  };
}

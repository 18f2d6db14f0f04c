/** What happens to a function while it runs: where it crashes or is frozen, counted in its calls to other services. */
export type Fate =
  | { kind: 'lives' }
  /** @param made whether the call at which it crashes is made */
  | { kind: 'crashes'; at: number; made: boolean }
  /** It goes on after the call when the test lets it, perhaps much later. */
  | { kind: 'freezes'; at: number };

/** One run of a function. It makes its calls to other services here. */
export function functionRun(fate: Fate) {
  let calls = 0;
  let crashed = false;
  const frozen = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();

  async function call<T>(effect: () => T | Promise<T>): Promise<T> {
    if (crashed) throw new Error('the function has crashed');
    calls += 1;
    if (fate.kind === 'lives' || calls !== fate.at) return effect();
    if (fate.kind === 'freezes') {
      frozen.resolve();
      await thawed.promise;
      return effect();
    }
    if (fate.made) await effect();
    crashed = true;
    throw new Error('the function crashes');
  }

  /** @returns the rest of the run once it is frozen, undefined if it has ended */
  async function start(work: () => Promise<void>): Promise<(() => Promise<void>) | undefined> {
    const ended = work().catch((thrown) => {
      if (!crashed) throw thrown;
    });
    const isFrozen = await Promise.race([ended.then(() => false), frozen.promise.then(() => true)]);
    if (!isFrozen) return undefined;
    return () => {
      thawed.resolve();
      return ended;
    };
  }

  return { call, start, hasCrashed: () => crashed };
}
export type FunctionRun = ReturnType<typeof functionRun>;

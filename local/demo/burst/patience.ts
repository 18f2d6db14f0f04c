/** The longest time between two looks that counts: a process that was suspended, as by a closed lid, saw nothing meanwhile. */
const LONGEST_LOOK_MS = 1000;

/**
 * Waits as long as something moves. Returns a function to call at each look, with a number that grows with each step
 * forward; it says how many milliseconds more it waits for the next step, and 0 when the wait is over.
 *
 * @param patienceMs how long nothing may move
 */
export function patience(patienceMs: number, now: () => number = Date.now): (progress: number) => number {
  let best = Number.NEGATIVE_INFINITY;
  let idleMs = 0;
  let lookedAt = now();
  return (progress) => {
    const lookAt = now();
    idleMs = progress > best ? 0 : idleMs + Math.min(lookAt - lookedAt, LONGEST_LOOK_MS);
    best = Math.max(best, progress);
    lookedAt = lookAt;
    return Math.max(0, patienceMs - idleMs);
  };
}

import type { Counted } from '@spillway/shared/contracts/cancellation.ts';

/** How long a dry run counts. The gateway gives up after 29 s. */
const COUNTING_MS = 20_000;

/**
 * Counts what a request would change, as long as the gateway waits.
 *
 * @param count counts until there is no more, or it is enough
 */
export async function dryRun(
  count: (enough: () => boolean) => Promise<{ matched: number; complete: boolean }>,
  now: () => Date,
): Promise<Counted> {
  const end = now().getTime() + COUNTING_MS;
  const { matched, complete } = await count(() => now().getTime() > end);
  return { matched, ...(!complete && { more: true as const }) };
}

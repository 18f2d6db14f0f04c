import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, reasonOf } from '@spillway/client/front-door.ts';
import { LocalError } from '@spillway/engine/errors.ts';

/** How often a request is sent at most. */
export const TRIES = 20;

/**
 * Sends a request. While the front door is busy, it waits as long as the front door asks, then sends the request again.
 *
 * @param what names what is refused
 * @param expected the status of a good answer
 * @throws LocalError with the reason if the front door refuses, or stays busy
 */
export async function patiently<Body>(
  what: string,
  expected: number,
  send: () => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send();
    if (answer.status === expected) return answer;
    const busy = answer.status === 429 || answer.status >= 500;
    if (!busy || tries === TRIES)
      throw new LocalError('REFUSED', `The front door refused ${what} (${reasonOf(answer)})`);
    await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}

import { randomUUID } from 'node:crypto';
import { atOnce } from '@spillway/shared/runtime/at-once.ts';
import type { socketObserver } from '@spillway/shared/runtime/observers.ts';
import type { Connections } from '../../socket/connections.ts';
import { problemText, SocketProblem } from '../../socket/problems.ts';
import type { Wire } from '../../socket/wire.ts';

/** From each partition of the index in a round. */
const ROUND = 250;
/** Connections that are closed at the same time. */
const AT_ONCE = 50;

export interface EndingTools {
  store: Pick<Connections, 'ended' | 'close'>;
  wire: Wire;
  observer: Pick<ReturnType<typeof socketObserver>, 'notEnded'>;
}

/**
 * Ends the connections whose access tokens have expired: each gets a problem document with this reason, is closed and forgotten.
 * One that cannot be closed is left to the next run.
 *
 * @param endsAt when to leave the rest to the next run, milliseconds since 1970
 * @returns how many were ended
 */
export async function endConnections({ store, wire, observer }: EndingTools, endsAt: number): Promise<number> {
  let count = 0;
  for (;;) {
    const ended = await store.ended(new Date(), ROUND);
    const before = count;
    await atOnce(ended, AT_ONCE, async (connection) => {
      try {
        await wire.send(connection, problemText(new SocketProblem('tokenExpired', {}), randomUUID()));
        await wire.close(connection);
        await store.close(connection.id);
        count += 1;
      } catch (error) {
        observer.notEnded(connection.id, error);
      }
    });
    if (count === before || Date.now() >= endsAt) return count;
  }
}

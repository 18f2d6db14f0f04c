import { randomUUID } from 'node:crypto';
import { atOnce } from '@spillway/shared/runtime/at-once.ts';
import type { Connections } from '../../socket/connections.ts';
import { problemText, SocketProblem } from '../../socket/problems.ts';
import type { Wire } from '../../socket/wire.ts';

/** From each partition of the index in a round. */
const ROUND = 250;
/** Connections that are closed at the same time. */
const AT_ONCE = 50;

/**
 * Ends the connections whose access tokens have expired: each gets a problem document with this reason, is closed and forgotten.
 *
 * @param endsAt when to leave the rest to the next run, milliseconds since 1970
 * @returns how many were ended
 */
export async function endConnections(store: Connections, wire: Wire, endsAt: number): Promise<number> {
  let count = 0;
  for (;;) {
    const ended = await store.ended(new Date(), ROUND);
    await atOnce(ended, AT_ONCE, async (connection) => {
      await wire.send(connection, problemText(new SocketProblem('tokenExpired', {}), randomUUID()));
      await wire.close(connection);
      await store.close(connection.id);
    });
    count += ended.length;
    if (ended.length === 0 || Date.now() >= endsAt) return count;
  }
}

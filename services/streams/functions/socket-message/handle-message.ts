import type { Since, SocketMessage } from '@spillway/shared/contracts/socket.ts';
import { LONGEST_AWAY_SECONDS } from '@spillway/shared/contracts/socket-protocol.ts';
import type { catchUps } from '@spillway/shared/job-store/catch-ups.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import type { socketObserver } from '@spillway/shared/runtime/observers.ts';
import { type CatchUpLocks, LOCK_MS } from '../../socket/catch-up-locks.ts';
import type { Connection, Connections } from '../../socket/connections.ts';
import { checkMessage, readMessage } from '../../socket/message.ts';
import { problemText, SocketProblem } from '../../socket/problems.ts';
import { targetOf } from '../../socket/targets.ts';
import { sendPatiently, type Wire } from '../../socket/wire.ts';

export interface MessageTools {
  store: Connections;
  locks: CatchUpLocks;
  wire: Wire;
  past: ReturnType<typeof catchUps>;
  /** The names of all job types. */
  types: ReadonlySet<string>;
  observer: Pick<ReturnType<typeof socketObserver>, 'refused' | 'gone'>;
  now: () => Date;
}

/** A message, and over which connection it came. */
export interface Incoming {
  id: string;
  apiId: string;
  body: string;
  requestId: string;
}

/** How many jobs a catch-up looks at, for each job type. The rest can be read from the list. */
const MOST_LOOKED_AT = 1000;

/** A catch-up that takes longer has too many events. The function ends 8 s later, which is enough for a client that is busy. */
const LONGEST_CATCH_UP_MS = 20_000;

/** A client that is busy gets a message again after each of these pauses. */
const PAUSES_MS = [50, 200, 1000];

/** The client has gone, or takes nothing. */
class Ended extends Error {}

/**
 * Does what a client's message asks for. A message that is wrong is answered with a problem document; nothing is thrown. A client
 * that takes no answer is disconnected, so that it knows that it has missed something, and catches up.
 */
export async function handleMessage(incoming: Incoming, tools: MessageTools): Promise<void> {
  const { id, apiId, body, requestId } = incoming;
  const { store, wire, now } = tools;
  const connection = await store.find(id);
  // its row is gone, because its token has expired or it was closed
  if (!connection || hasExpired(connection, now())) {
    await wire.send({ id, apiId }, problemText(new SocketProblem('tokenExpired', {}), requestId));
    await store.close(id);
    return wire.close({ id, apiId });
  }
  try {
    await answer(connection, body, requestId, tools);
  } catch (thrown) {
    if (!(thrown instanceof Ended)) throw thrown;
    await store.close(id);
    await wire.close(connection);
  }
}

const hasExpired = ({ until }: Connection, at: Date) => until * 1000 <= at.getTime();

async function answer(connection: Connection, body: string, requestId: string, tools: MessageTools): Promise<void> {
  const { store, wire, observer } = tools;
  const { id } = connection;
  let message: SocketMessage | undefined;
  try {
    message = readMessage(body);
    checkMessage(message, tools.types);
    if (message.action === 'unsubscribe') await store.unsubscribe(connection, targetOf(connection.tenant, message));
    else await subscribe(connection, message, tools);
  } catch (thrown) {
    if (thrown instanceof Ended) throw thrown;
    const problem = thrown instanceof SocketProblem ? thrown : new SocketProblem('failed', {});
    if (problem === thrown) observer.refused(id, problem.code);
    else logger.error('a message failed', { requestId, connectionId: id, error: thrown as Error });
    await send(wire, connection, problemText(problem, requestId, message));
  }
}

/** @throws Ended if the client has gone, or is still busy after a few tries */
async function send(wire: Wire, connection: Connection, text: string): Promise<void> {
  const sent = await sendPatiently(() => wire.send(connection, text), PAUSES_MS);
  if (sent === 'gone' || sent === 'busy') throw new Ended();
}

async function subscribe(
  connection: Connection,
  message: Extract<SocketMessage, { action: 'subscribe' }>,
  { store, locks, wire, past, types, now }: MessageTools,
): Promise<void> {
  const { tenant } = connection;
  const { job, type, since } = message;
  const room = await store.subscribe(connection, targetOf(tenant, message));
  if (!room) throw new SocketProblem('tooManySubscriptions', {});
  const tooLong = () =>
    new SocketProblem('catchUpTooLong', { seconds: LONGEST_CATCH_UP_MS / 1000, most: MOST_LOOKED_AT });
  const endsAt = now().getTime() + LONGEST_CATCH_UP_MS;
  const checkTime = () => {
    if (hasExpired(connection, now())) throw new SocketProblem('tokenExpired', {});
    if (now().getTime() >= endsAt) throw tooLong();
  };
  const sendAll = async (events: readonly object[]) => {
    checkTime();
    for (const event of events) {
      await send(wire, connection, JSON.stringify(event));
      checkTime();
    }
  };
  if (job) {
    // first subscribed, then read: what changes in between comes twice, and nothing is missed
    const events = await past.ofJob({ tenant, type: job.type, id: job.jobId }, since);
    // the answer does not show whether another tenant has such a job
    if (!events) throw new SocketProblem('unknownJob', { jobId: job.jobId, type: job.type });
    return sendAll(events);
  }
  if (since === undefined) return;
  const from = timeOf(since);
  if (now().getTime() - from.getTime() > LONGEST_AWAY_SECONDS * 1000) {
    throw new SocketProblem('tooLongAway', { hours: LONGEST_AWAY_SECONDS / 3600 });
  }
  const held = await locks.holding(connection.id, now(), async () => {
    let all = true;
    for (const each of type === undefined ? types : [type]) {
      all = (await past.ofType({ tenant, type: each }, from, MOST_LOOKED_AT, sendAll)) && all;
    }
    if (!all) throw tooLong();
  });
  if (!held) throw new SocketProblem('catchingUp', { seconds: LOCK_MS / 1000 });
}

/** For many jobs, `since` is a time: `checkMessage` has refused a revision. */
const timeOf = (since: Since) => new Date(since);

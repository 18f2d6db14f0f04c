import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { Since } from '@spillway/shared/contracts/socket.ts';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';
import { ClientError, type ProblemDocument } from './errors.ts';

/** What to watch: one job, the jobs of a type, or with neither all jobs of the tenant. */
export interface Scope {
  job?: { type: string; jobId: string };
  type?: string;
}

/** An open socket, subscribed to a scope. */
export interface Subscription {
  /** What the server sends, until the socket closes. */
  messages: AsyncGenerator<JobEvent | ProblemDocument, void>;
  close(): void;
}

/** An opening handshake takes a second when the functions behind it start; after this one, nobody is there. */
const OPENING_MS = 10_000;
/** A reader that is this far behind gets a new connection later, and catches up with fewer events. */
const MOST_WAITING = 10_000;
/**
 * How often a subscription is renewed, which asks for what was missed: a push can get lost when a client is too slow. It also
 * keeps the connection, which API Gateway closes after ten minutes without a message.
 */
const RENEW_JOB_MS = 60_000;
const RENEW_MANY_MS = 5 * 60_000;
/** A new connection is opened before the token of this one expires. */
const BEFORE_EXPIRY_MS = 30_000;
const LONGEST_CONNECTION_MS = 100 * 60_000;

/**
 * Opens a socket and subscribes to a scope. Only Node could set headers, and not by the standard, so the token is a
 * subprotocol.
 *
 * @param since asked for at the beginning and at each renewal
 * @throws ClientError `UNREACHABLE` if it does not open; browsers do not say why
 */
export async function subscribe(
  url: string,
  token: string,
  scope: Scope,
  since: () => Since,
  signal: AbortSignal | undefined,
): Promise<Subscription> {
  signal?.throwIfAborted();
  // Node has it since 22
  if (typeof WebSocket === 'undefined') throw new ClientError('UNREACHABLE', 'This runtime has no WebSocket.');
  const socket = new WebSocket(url, [SUBPROTOCOL, token]);
  await opened(socket, url, signal);
  const ask = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ action: 'subscribe', ...scope, since: since() }));
  };
  const close = () => socket.close();
  const renewing = setInterval(ask, scope.job ? RENEW_JOB_MS : RENEW_MANY_MS);
  const ending = setTimeout(close, lifetimeMs(token));
  signal?.addEventListener('abort', close, { once: true });
  socket.addEventListener('close', () => {
    clearInterval(renewing);
    clearTimeout(ending);
    signal?.removeEventListener('abort', close);
  });
  const messages = messagesOf(socket);
  ask();
  return { messages, close };
}

function opened(socket: WebSocket, url: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const unreachable = () => {
      const { origin } = new URL(url);
      reject(new ClientError('UNREACHABLE', `The socket at ${origin} cannot be reached, or refuses the access token.`));
    };
    const timer = setTimeout(give, OPENING_MS);
    function give() {
      socket.close();
      unreachable();
    }
    function abort() {
      socket.close();
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', abort, { once: true });
    const done = (end: () => void) => () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      end();
    };
    socket.addEventListener('open', done(resolve), { once: true });
    socket.addEventListener('error', done(unreachable), { once: true });
    socket.addEventListener('close', done(unreachable), { once: true });
  });
}

/** The messages of a socket as they come. They are kept until they are asked for. */
function messagesOf(socket: WebSocket): AsyncGenerator<JobEvent | ProblemDocument, void> {
  const waiting: string[] = [];
  let wake = () => {};
  let open = true;
  socket.addEventListener('message', ({ data }) => {
    if (waiting.length >= MOST_WAITING) return socket.close();
    waiting.push(String(data));
    wake();
  });
  socket.addEventListener('close', () => {
    open = false;
    wake();
  });
  return (async function* () {
    for (;;) {
      const text = waiting.shift();
      if (text !== undefined) yield JSON.parse(text);
      else if (!open) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  })();
}

/** How long a connection with a token may live. */
function lifetimeMs(token: string): number {
  try {
    const [, payload = ''] = token.split('.');
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return Math.max(1000, Math.min(LONGEST_CONNECTION_MS, exp * 1000 - Date.now() - BEFORE_EXPIRY_MS));
  } catch {
    return LONGEST_CONNECTION_MS;
  }
}

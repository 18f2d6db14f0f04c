import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { Since } from '@spillway/shared/contracts/socket.ts';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';
import { ClientError, type ProblemDocument } from './errors.ts';

/** What to watch: one job, the jobs of a type, or with neither all jobs of the tenant. */
export interface Scope {
  job?: { type: string; jobId: string };
  type?: string;
}

/** From where to catch up, and what became of it. */
export interface CatchUps {
  since(): Since;
  atLeastSince(): Since;
  caughtUp(): void;
  cutOff(): void;
}

/** An open socket, subscribed to a scope. */
export interface Subscription {
  /** What the server sends, except its failures, until the socket closes. */
  messages: AsyncGenerator<Message, void>;
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
/** API Gateway gives up after 29 s. If no problem came by then, and the connection is still open, a catch-up is complete. */
const CAUGHT_UP_MS = 35_000;
/** After a catch-up that failed. As long again is random, so that many clients do not come back together. */
const ASK_AGAIN_MS = 5000;
/** A new connection is opened before the token of this one expires. */
const BEFORE_EXPIRY_MS = 30_000;
const LONGEST_CONNECTION_MS = 100 * 60_000;

/**
 * Opens a socket and subscribes to a scope. Only Node could set headers, and not by the standard, so the token is a
 * subprotocol.
 *
 * @param catchUps asked for at the beginning, at each renewal, and again soon after a failure of the server
 * @throws ClientError `UNREACHABLE` if it does not open; browsers do not say why
 */
export async function subscribe(
  url: string,
  token: string,
  scope: Scope,
  catchUps: CatchUps,
  signal: AbortSignal | undefined,
): Promise<Subscription> {
  signal?.throwIfAborted();
  // Node has it since 22
  if (typeof WebSocket === 'undefined') throw new ClientError('UNREACHABLE', 'This runtime has no WebSocket.');
  const socket = new WebSocket(url, [SUBPROTOCOL, token]);
  await opened(socket, url, signal);
  let next: ReturnType<typeof setTimeout> | undefined;
  const after = (ms: number, then: () => void) => {
    clearTimeout(next);
    next = setTimeout(then, ms);
  };
  let isRenewal = false;
  const caughtUp = () => {
    isRenewal = true;
    catchUps.caughtUp();
  };
  let atLeast: Since | undefined = catchUps.atLeastSince();
  const ask = (since = catchUps.since()) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ action: 'subscribe', ...scope, since }));
    after(CAUGHT_UP_MS, caughtUp);
  };
  /** @returns whether a problem was dealt with: the watch need not know */
  const attend = ({ status = 500 }: ProblemDocument) => {
    // a renewal is a precaution: where much happens, it looks at the newest jobs
    if (status === 413 && isRenewal) return true;
    if (status === 413 && atLeast !== undefined) {
      ask(atLeast);
      atLeast = undefined;
      return true;
    }
    if (status < 500) return false;
    catchUps.cutOff();
    after(ASK_AGAIN_MS * (1 + Math.random()), () => ask());
    return true;
  };
  const close = () => socket.close();
  const renewing = setInterval(() => ask(), scope.job ? RENEW_JOB_MS : RENEW_MANY_MS);
  const ending = setTimeout(close, lifetimeMs(token));
  signal?.addEventListener('abort', close, { once: true });
  socket.addEventListener('close', () => {
    clearInterval(renewing);
    clearTimeout(ending);
    clearTimeout(next);
    catchUps.cutOff();
    signal?.removeEventListener('abort', close);
  });
  const messages = messagesOf(socket, attend);
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

/** What the server sends. API Gateway itself sends a message without a status when the function fails or is throttled. */
type Message = JobEvent | ProblemDocument;

/**
 * The messages of a socket as they come. They are kept until they are asked for.
 *
 * @param attend gets each problem at once, and says whether to leave it out
 */
function messagesOf(socket: WebSocket, attend: (problem: ProblemDocument) => boolean): AsyncGenerator<Message, void> {
  const waiting: Message[] = [];
  let wake = () => {};
  let open = true;
  socket.addEventListener('message', ({ data }) => {
    if (waiting.length >= MOST_WAITING) return socket.close();
    const message = messageIn(String(data));
    // something between the server and us is broken: a new connection catches up
    if (!message) return socket.close();
    if (!('specversion' in message) && attend(message)) return;
    waiting.push(message);
    wake();
  });
  socket.addEventListener('close', () => {
    open = false;
    wake();
  });
  return (async function* () {
    for (;;) {
      const message = waiting.shift();
      if (message) yield message;
      else if (!open) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  })();
}

/** What a text says; undefined if it is not a message. */
function messageIn(text: string): Message | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
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

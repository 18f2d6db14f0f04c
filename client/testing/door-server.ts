import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { createClient } from '../index.ts';

/** A request as the server got it. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What the server answers to one request. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, or text as it is. */
  body?: unknown;
  /** Closes the connection without an answer, as a network does that fails. */
  drop?: true;
  /** Answers so much later. */
  delayMs?: number;
}

/** A server that answers each request by a function, and remembers them. It stands for a front door that misbehaves. */
export async function doorServer() {
  const door = closedDoor();
  await door.open();
  return door;
}

/** The door server of all tests of a file: it is open from the first of them to the last. */
export function doorForTests() {
  const door = closedDoor();
  beforeAll(door.open);
  afterAll(door.close);
  return door;
}

function closedDoor() {
  const received: Received[] = [];
  let reply: (request: Received, n: number) => Reply = () => ({});
  const server = createServer(async (request, response) => {
    // a client may give up while it sends
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const got = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    received.push(got);
    const { status = 200, headers = {}, body: answer = {}, drop, delayMs = 0 } = reply(got, received.length);
    if (drop) return void request.socket.destroy();
    if (delayMs > 0) await setTimeout(delayMs);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 204 ? undefined : typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  return {
    received,
    /** Where it is, once it is open. */
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    open: () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
    /** A client that calls it, once it is open. */
    client() {
      return createClient({ apiUrl: this.url, token: 'token', apiKey: 'key' });
    },
    /** Forgets what was received, and answers like this from now on. */
    answers(next: typeof reply) {
      received.length = 0;
      reply = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';
import { type WebSocket, WebSocketServer } from 'ws';

/** A connection as the server saw it. */
export interface Connected {
  /** The token that the client offered as a subprotocol. */
  token: string | undefined;
  /** By the clock of the test. */
  openedAt: number;
  /** What the client sent, with its time. */
  received: { at: number; message: Record<string, unknown> }[];
  /** @param message a text is sent as it is */
  send(message: object | string): void;
  /** Resolves when the client has got all that was sent to it, and all has come that it had sent by then. */
  exchanged(): Promise<void>;
  /** Drops the connection without a close message, as a failing network does. */
  drop(): void;
  close(): void;
}

/** A socket of a stage that misbehaves as a test wants it to. */
export async function socketServer() {
  const connections: Connected[] = [];
  let reply: (connection: Connected, n: number) => void = () => {};
  let lets = true;
  const http = createServer();
  const server = new WebSocketServer({
    server: http,
    verifyClient: () => lets,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  server.on('connection', (socket: WebSocket, { headers }: IncomingMessage) => {
    const [, token] = String(headers['sec-websocket-protocol']).split(/, ?/);
    const connection: Connected = {
      token,
      openedAt: Date.now(),
      received: [],
      send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
      exchanged: () =>
        new Promise((resolve) => {
          socket.once('pong', () => resolve());
          socket.ping();
        }),
      drop: () => socket.terminate(),
      close: () => socket.close(),
    };
    const n = connections.push(connection);
    socket.on('message', (data) => {
      connection.received.push({ at: Date.now(), message: JSON.parse(String(data)) });
      reply(connection, n);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/local`,
    connections,
    /** Forgets the connections, and from now on does this at each message. @param next gets the connection's number, from 1 */
    answers(next: typeof reply) {
      connections.length = 0;
      reply = next;
    },
    /** Whether new connections are let in. */
    lets(these: boolean) {
      lets = these;
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      http.close();
    },
  };
}

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the receiver. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

/** How a receiver answers its n-th request, from 0. */
export type Answer = (n: number) => { status: number; headers?: Record<string, string> } | 'silence';

const servers: Server[] = [];

/** A receiver of webhooks on loopback, which records its requests. End all with {@link endReceivers}. */
export async function receiver(answer: Answer = () => ({ status: 204 })) {
  const got: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    got.push({ headers: request.headers, body, atMs: Date.now() });
    const reply = answer(got.length - 1);
    if (reply !== 'silence') response.writeHead(reply.status, reply.headers).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

export function endReceivers(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

import { createServer, type Server } from 'node:http';

/** Webhooks below this path are refused until {@link Sink.open}. */
export const CLOSED_PATH = '/closed';
/** No more webhooks are wanted: the job fails at once. */
const GONE = 410;

export interface Sink {
  url: string;
  /** How many webhooks were taken. */
  received(): number;
  /** From now on, all webhooks are taken. */
  open(): void;
  stop(): void;
}

/** A listener on loopback that takes webhooks and counts them. */
export async function startSink(): Promise<Sink> {
  let received = 0;
  let closed = true;
  const server: Server = createServer((request, response) => {
    const refused = closed && request.url?.startsWith(`${CLOSED_PATH}/`);
    if (!refused) received += 1;
    request.resume().once('end', () => response.writeHead(refused ? GONE : 204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => received,
    open: () => {
      closed = false;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

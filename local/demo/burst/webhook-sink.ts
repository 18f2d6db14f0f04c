import { createServer, type Server } from 'node:http';

/** A listener on loopback that takes webhooks and counts them. */
export async function startSink(): Promise<{ url: string; received: () => number; stop: () => void }> {
  let received = 0;
  const server: Server = createServer((request, response) => {
    received += 1;
    request.resume().once('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => received,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

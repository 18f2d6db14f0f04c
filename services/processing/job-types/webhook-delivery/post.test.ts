import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { post } from './post.ts';

/**
 * A server that accepts nothing for half a second. Two connections fill its queue, and then the system drops the packets that
 * open another one, which are sent again after a second. So it is like a server that is far away.
 */
const FAR_SERVER = `
  const server = require('node:http').createServer((_, response) => response.writeHead(204).end());
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:worker_threads').parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500));
  });`;

describe('the post of a webhook', () => {
  it('waits for a far IPv4 address although the host also has an IPv6 address, which cannot be reached', async () => {
    const worker = new Worker(FAR_SERVER, { eval: true });
    const [port] = await once(worker, 'message');
    const others = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    try {
      await Promise.all(others.map((other) => once(other, 'connect')));
      const startedAt = Date.now();
      const reply = await post(
        {
          url: new URL(`http://far.example:${port}/`),
          addresses: [
            { address: '127.0.0.1', family: 4 },
            { address: '::1', family: 6 },
          ],
        },
        {},
        '{}',
        new AbortController().signal,
      );
      expect(reply).toMatchObject({ status: 204 });
      // more than Node's own limit, or the test would show nothing
      expect(Date.now() - startedAt).toBeGreaterThan(400);
    } finally {
      for (const other of others) other.destroy();
      await worker.terminate();
    }
  });
});

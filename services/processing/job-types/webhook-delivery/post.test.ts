import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { post, type Target } from './post.ts';

/**
 * A server that accepts nothing until it is told to. Two connections fill its queue, and then the system drops the packets that
 * open another one, which are sent again after a second. So it is like a server that is far away.
 */
const FAR_SERVER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:http').createServer((_, response) => response.writeHead(204).end());
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(workerData, 0, 0);
  });`;
/** More than Node's own limit for an address, or the test would show nothing. */
const FAR_MS = 500;

describe('the post of a webhook', () => {
  it('waits for a far IPv4 address although the host also has an IPv6 address, which cannot be reached', async () => {
    const accepts = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(FAR_SERVER, { eval: true, workerData: accepts });
    const [port] = await once(worker, 'message');
    const others = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    try {
      await Promise.all(others.map((other) => once(other, 'connect')));
      const target = {
        url: new URL(`http://far.example:${port}/`),
        addresses: [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ],
      } satisfies Target;
      const accept = () => {
        Atomics.store(accepts, 0, 1);
        Atomics.notify(accepts, 0);
      };
      const { signal } = new AbortController();
      const [reply] = await Promise.all([post(target, {}, '{}', signal), sleep(FAR_MS).then(accept)]);
      expect(reply).toMatchObject({ status: 204 });
    } finally {
      for (const other of others) other.destroy();
      await worker.terminate();
    }
  });
});

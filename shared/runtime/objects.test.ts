import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objects } from './objects.ts';
import { ObjectError } from './s3-requests.ts';

const before = { ...process.env };
const servers: Server[] = [];
afterEach(() => {
  process.env = { ...before };
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A bucket on a server that responds to its n-th request (from 0) with `answer`. */
async function bucket(answer: (n: number, ...http: Parameters<RequestListener>) => unknown) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(requests++, request, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  return { ...objects('bucket'), requests: () => requests };
}

describe('an object', () => {
  it('puts an object again after a broken connection, such as one that was kept for too long', async () => {
    const { put, requests } = await bucket((n, { socket }, response) => (n === 0 ? socket.destroy() : response.end()));
    await put('key', '{}', 'application/json');
    expect(requests()).toBe(2);
  });

  it('reads an object again after a 503', async () => {
    const { get } = await bucket((n, _, response) => response.writeHead(n < 2 ? 503 : 200).end('text'));
    expect(await get('key')).toBe('text');
  });

  it('is never asked for by a key that a URL would resolve to another one', async () => {
    const { get, link, requests } = await bucket((_n, _, response) => response.end('text'));
    await expect(get('results/mine/../yours/1.json')).rejects.toThrow(ObjectError);
    await expect(link('results/mine/./1.json', 60)).rejects.toThrow(ObjectError);
    expect(requests()).toBe(0);
  });

  it('stops retrying an object after five 503 responses, and reports the response', async () => {
    const { put, requests } = await bucket((_n, _, response) => response.writeHead(503).end('SlowDown'));
    await expect(put('key', '{}', 'application/json')).rejects.toThrow(/503 SlowDown/);
    expect(requests()).toBe(5);
  });

  it('does not retry after a 403, and returns undefined for an object that does not exist', async () => {
    const { get, put, requests } = await bucket((n, _, response) => response.writeHead(n === 0 ? 404 : 403).end());
    expect(await get('key')).toBeUndefined();
    await expect(put('key', '{}', 'application/json')).rejects.toBeInstanceOf(ObjectError);
    expect(requests()).toBe(2);
  });
});

import { createSocket, type Socket } from 'node:dgram';
import { hostResolver } from './resolve.ts';

const RECORDS: Record<string, Record<number, Buffer>> = {
  'dual.example': { 1: Buffer.from([192, 0, 2, 7]), 28: Buffer.from(`20010db8${'0'.repeat(23)}7`, 'hex') },
  'old.example': { 1: Buffer.from([192, 0, 2, 8]) },
  'none.example': {},
};

/** An answer in the format of RFC 1035, section 4: the question, and the host's record of its type if there is one. */
function answerTo(query: Buffer): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const type = query.readUInt16BE(at + 1);
  const records = RECORDS[labels.join('.')];
  // a dead name server
  if (!records) return undefined;
  const data = records[type];
  const head = Buffer.from([0x81, 0x80, 0, 1, 0, data ? 1 : 0, 0, 0, 0, 0]);
  const record = data ? [Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data] : [];
  return Buffer.concat([query.subarray(0, 2), head, question, ...record]);
}

describe('the addresses of a webhook’s host', () => {
  let server: Socket;
  let resolve: ReturnType<typeof hostResolver>;
  const { signal } = new AbortController();

  beforeAll(async () => {
    server = createSocket('udp4');
    server.on('message', (query, { port, address }) => {
      const answer = answerTo(query);
      if (answer) server.send(answer, port, address);
    });
    await new Promise<void>((bound) => server.bind(0, '127.0.0.1', bound));
    resolve = hostResolver([`127.0.0.1:${server.address().port}`]);
  });
  afterAll(() => server.close());

  it('are all that it has, the IPv4 addresses first', async () => {
    expect(await resolve('dual.example', signal)).toEqual([
      { address: '192.0.2.7', family: 4 },
      { address: '2001:db8::7', family: 6 },
    ]);
    expect(await resolve('old.example', signal)).toEqual([{ address: '192.0.2.8', family: 4 }]);
    await expect(resolve('none.example', signal)).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('are known of addresses and of localhost without a name server', async () => {
    expect(await resolve('192.0.2.1', signal)).toEqual([{ address: '192.0.2.1', family: 4 }]);
    expect(await resolve('2001:db8::1', signal)).toEqual([{ address: '2001:db8::1', family: 6 }]);
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    expect([await resolve('localhost', signal), await resolve('hook.localhost', signal)]).toEqual([both, both]);
  });

  it('are not waited for when the name server is dead and the time is up, and hold up no other host', async () => {
    const controller = new AbortController();
    // more than libuv has threads
    const dead = Array.from({ length: 8 }, (_, index) => resolve(`dead-${index}.example`, controller.signal));
    const failures = Promise.allSettled(dead);
    expect(await resolve('old.example', signal)).toHaveLength(1);
    controller.abort();
    for (const failure of await failures) expect(failure).toMatchObject({ reason: { code: 'ECANCELLED' } });
  });

  it('are given up soon if no name server answers', async () => {
    await expect(resolve('dead.example', signal)).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });
});

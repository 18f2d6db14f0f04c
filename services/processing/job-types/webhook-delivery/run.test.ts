import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jobErrorOf, PermanentJobError, RetryLaterError } from '@spillway/shared/attempt/errors.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { classifyAddress, readCidrs } from '@spillway/shared/webhooks/address.ts';
import { Webhook } from 'standardwebhooks';
import { deliver } from './run.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const payload = { type: 'order.paid', text: 'größer & 😀' };
/** With spaces and digits that parsing would lose. */
const payloadText = '{ "type":"order.paid","text":"größer & 😀","id":7615917337495251231,"__proto__":{"x":1} }';
const job = sampleJob({
  idempotencyKey: () => 'a'.repeat(64),
  inputText: (field) => (field === 'payload' ? payloadText : undefined),
});

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function receiver(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/hook`;
}

const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
/** For deliveries without a webhook, which read none. */
const noWebhooks = {
  store: { get: async () => undefined, change: async () => false },
  secrets: { read: async () => [] },
  now: () => new Date(),
};
const local = deliver({ ...noWebhooks, allowedCidrs: readCidrs('127.0.0.0/8'), resolve });
const answering = async (status: number, headers: Record<string, string> = {}) =>
  local(
    { url: await receiver((_, response) => void response.writeHead(status, headers).end('x')), secret, payload },
    job,
  );

describe('a webhook', () => {
  it('delivers the bytes of a webhook’s payload, signed so that another implementation of the spec can verify them', async () => {
    const got = Promise.withResolvers<{ headers: IncomingHttpHeaders; body: string }>();
    const url = await receiver((incoming, response) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      incoming.on('end', () => {
        got.resolve({ headers: incoming.headers, body });
        response.writeHead(204).end();
      });
    });
    expect(await local({ url, secret, payload }, job)).toMatchObject({ status: 204 });
    const { headers, body } = await got.promise;
    expect(body).toBe(payloadText);
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject(payload);
    expect(headers['webhook-id']).toBe(`msg_${'a'.repeat(32)}`);
  });

  it.each([400, 401, 404, 408, 409, 425, 429, 500, 502, 503, 599])(
    'asks for another attempt when the receiver answers %d',
    async (status) => {
      const failure = await answering(status).catch((error) => error);
      expect(failure).not.toBeInstanceOf(PermanentJobError);
      expect(failure).toMatchObject({ code: `HTTP_${status}` });
    },
  );

  it('asks for another attempt, at once and by its status, when the receiver answers 101', async () => {
    const url = await receiver((_, response) => {
      response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    await expect(local({ url, secret, payload }, job)).rejects.toMatchObject({ code: 'HTTP_101' });
  });

  it.each([503, 429])('waits as long as the Retry-After header of a %d response says', async (status) => {
    const failure = await answering(status, { 'retry-after': '120' }).catch((error) => error);
    expect(failure).toBeInstanceOf(RetryLaterError);
    expect(failure.afterSeconds).toBe(120);
  });

  it.each([301, 307, 308, 410])('fails a webhook at once when the receiver answers %d', async (status) => {
    const headers: Record<string, string> = status < 400 ? { location: 'http://169.254.169.254/' } : {};
    await expect(answering(status, headers)).rejects.toBeInstanceOf(PermanentJobError);
  });

  it('asks for another attempt when nobody listens at the webhook’s address', async () => {
    const failure = await local({ url: 'http://localhost:1/hook', secret, payload }, job).catch((error) => error);
    expect(failure).not.toBeInstanceOf(PermanentJobError);
  });

  it('reaches a webhook’s receiver at its second address when nobody listens at the first', async () => {
    const url = await receiver((_, response) => void response.writeHead(204).end());
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const dual = deliver({
      ...noWebhooks,
      allowedCidrs: readCidrs('127.0.0.0/8,::1/128'),
      resolve: async () => addresses,
    });
    expect(await dual({ url, secret, payload }, job)).toMatchObject({ status: 204 });
    const failure = await dual({ url: 'http://localhost:1/', secret, payload }, job).catch((error) => error);
    expect(jobErrorOf(failure)).toEqual({ code: 'ECONNREFUSED', message: expect.stringContaining('127.0.0.1:1') });
  });

  it('accepts a 200 response to a webhook with a header of 20 KB', async () => {
    expect(await answering(200, { 'set-cookie': 'x'.repeat(20_000) })).toMatchObject({ status: 200 });
  });

  it('may deliver a webhook to both addresses of localhost on the stage local', async () => {
    const { params } = (await import('../../serverless.ts')).default as {
      params?: Record<string, Record<string, string>>;
    };
    const allowed = readCidrs(params?.local?.webhookAllowedCidrs ?? '');
    expect(['127.0.0.1', '::1', '10.0.0.1'].map((address) => classifyAddress(address, allowed))).toEqual([
      'allowed',
      'allowed',
      'refused',
    ]);
  });

  it('does not wait for the end of an endless response to a webhook', async () => {
    const url = await receiver((_, response) => {
      response.writeHead(200);
      setInterval(() => response.write('x'), 10).unref();
    });
    expect(await local({ url, secret, payload }, job)).toMatchObject({ status: 200 });
  });

  it.each([
    ['a private address', [{ address: '10.0.0.5', family: 4 }], 'https://internal.example'],
    [
      'a public and a private address',
      [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      'https://rebind.example',
    ],
    ['the metadata service', [{ address: '169.254.169.254', family: 4 }], 'https://169.254.169.254/latest'],
  ])('refuses a webhook whose host name leads to %s', async (_, addresses, url) => {
    const careful = deliver({ ...noWebhooks, allowedCidrs: [], resolve: async () => addresses });
    await expect(careful({ url, secret, payload }, job)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('requires https for a webhook to a public address', async () => {
    const careful = deliver({
      ...noWebhooks,
      allowedCidrs: [],
      resolve: async () => [{ address: '93.184.215.14', family: 4 }],
    });
    await expect(careful({ url: 'http://example.com/', secret, payload }, job)).rejects.toMatchObject({
      code: 'HTTPS_REQUIRED',
    });
  });
});

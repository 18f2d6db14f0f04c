import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenSource } from './access-token.ts';

const CLIENT = { clientId: 'client', clientSecret: 'secret' };
let server: Server;
/** What the token endpoint answers, one after the other. */
let answers: { status?: number; expiresIn?: number }[];
let requests: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const { status = 200, expiresIn = 900 } = answers[requests] ?? {};
    requests += 1;
    response.writeHead(status);
    response.end(JSON.stringify({ access_token: `token-${requests}`, expires_in: expiresIn }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  requests = 0;
});

const source = () =>
  tokenSource({ tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token` }, CLIENT);

describe('a token source', () => {
  it('requests one token for many calls, even if they are made at the same time', async () => {
    answers = [];
    const token = source();
    expect(requests).toBe(0);
    expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect([await token(), requests]).toEqual(['token-1', 1]);
  });

  it('replaces a token a minute before it expires', async () => {
    answers = [{ expiresIn: 60 }, { expiresIn: 900 }];
    const token = source();
    expect([await token(), await token(), await token()]).toEqual(['token-1', 'token-2', 'token-2']);
  });

  it('asks again after the token endpoint refused, and passes its answer on', async () => {
    answers = [{ status: 400 }];
    const token = source();
    await expect(token()).rejects.toMatchObject({ code: 'NO_TOKEN', message: expect.stringContaining('400') });
    expect(await token()).toBe('token-2');
  });
});

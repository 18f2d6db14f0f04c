import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenSource } from './access-token.ts';
import { frontDoor, reasonOf } from './front-door.ts';

const CLIENT = { clientId: 'client', clientSecret: 'secret' };
let server: Server;
/** What the server answers, one after the other. */
let answers: { status?: number; expiresIn?: number; text?: string }[];
let requests: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const { status = 200, expiresIn = 900, text } = answers[requests] ?? {};
    requests += 1;
    response.writeHead(status);
    response.end(text ?? JSON.stringify({ access_token: `token-${requests}`, expires_in: expiresIn }));
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

describe('a client whose other side is not what it expects', () => {
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it.each([
    ['<html>Bad gateway</html>', '502: <html>Bad gateway</html>'],
    ['"text"', '502: "text"'],
    ['null', '502: null'],
    ['{"message":"Internal server error"}', '502: Internal server error'],
    ['{"detail":"The door is busy."}', '502: The door is busy.'],
    ['{}', '502, without a reason'],
    ['', '502, without a reason'],
  ])('survives an error whose body is %s and names it', async (text, reason) => {
    answers = [{ status: 502, text }];
    expect(reasonOf(await frontDoor({ apiUrl: url() }, { token: 't', apiKey: 'k' }).job('csv-import', 'x'))).toBe(
      reason,
    );
  });

  it('says which side cannot be reached', async () => {
    const nobody = { apiUrl: 'http://127.0.0.1:1/local', tokenUrl: 'http://127.0.0.1:1/oauth2/token' };
    await expect(frontDoor(nobody, { token: 't', apiKey: 'k' }).jobs('csv-import')).rejects.toThrow(
      /^The front door at http:\/\/127\.0\.0\.1:1 cannot be reached \(.+\)\.$/,
    );
    await expect(tokenSource(nobody, CLIENT)()).rejects.toThrow('The token endpoint at http://127.0.0.1:1 cannot');
  });

  it.each(['', 'no JSON', 'null', '{"access_token":7}'])('refuses "%s" as a token', async (text) => {
    answers = [{ text }];
    await expect(source()()).rejects.toMatchObject({ code: 'NO_TOKEN' });
  });
});

import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenFiles } from './token-files.ts';

const CLIENT = { clientId: 'client', clientSecret: 'secret' };
let server: Server;
let requests: number;
let tokenUrl: string;
let expiresIn: number;

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    response.end(JSON.stringify({ access_token: `token-${requests}`, expires_in: expiresIn }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
});
afterAll(() => server.close());
beforeEach(() => {
  requests = 0;
  expiresIn = 900;
});

const newFolder = () => join(mkdtempSync(join(tmpdir(), 'tokens-')), 'tokens');
/** Each call is another process. */
const token = (folder: string, client = CLIENT) => tokenFiles(folder).source({ tokenUrl }, client)();

describe('tokens in files', () => {
  it('uses a kept token in every process until it is about to expire', async () => {
    const folder = newFolder();
    expect([await token(folder), await token(folder)]).toEqual(['token-1', 'token-1']);
    expiresIn = 60;
    const other = newFolder();
    expect([await token(other), await token(other)]).toEqual(['token-2', 'token-3']);
  });

  it('asks for a new token for another secret', async () => {
    const folder = newFolder();
    await token(folder);
    expect(await token(folder, { ...CLIENT, clientSecret: 'rotated' })).toBe('token-2');
  });

  it('keeps tokens where only their owner can read them, and deletes those that expired', async () => {
    const folder = newFolder();
    await token(folder);
    writeFileSync(join(folder, 'old'), JSON.stringify({ token: 'x', expiresAt: 0 }));
    await token(folder, { ...CLIENT, clientId: 'other' });
    const files = readdirSync(folder);
    expect(files).toHaveLength(2);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('asks again after its file was damaged or deleted', async () => {
    const folder = newFolder();
    await token(folder);
    const [file = ''] = readdirSync(folder);
    writeFileSync(join(folder, file), readFileSync(join(folder, file)).subarray(0, 5));
    expect(await token(folder)).toBe('token-2');
    tokenFiles(folder).clear();
    expect(await token(folder)).toBe('token-3');
  });
});

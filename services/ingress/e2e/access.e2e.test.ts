import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteApiKeyCommand, UpdateApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { createForeignPool, createKey, createToken, gateway } from '@spillway/e2e/callers.ts';
import { type Difference, eventually, one, request } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const PATH = '/jobs/csv-import';
const body = JSON.stringify(csvImport.example.input);
const post = (headers: Record<string, string>, path = PATH) => request(path, { method: 'POST', body, headers });
const get = (headers: Record<string, string>) => request(PATH, { headers });
const withToken = (token: string): Difference['headers'] & object => ({ authorization: `Bearer ${token}` });

describe('scopes', () => {
  it('a token with the scope for reading cannot submit, and the answer names the scope that can', async () => {
    const reader = withToken(await createToken({ scopes: ['jobs/read'] }));
    expect((await get(reader)).status).toBe(200);
    const { status, headers, body: problem } = await post(reader);
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(problem.detail).toContain('jobs/submit to submit');
  });

  it('a token with the scope for submitting cannot read, and the answer names the scope that can', async () => {
    const sender = withToken(await createToken({ scopes: ['jobs/submit'] }));
    expect((await post(sender)).status).toBe(202);
    const { status, body: problem } = await get(sender);
    expect([status, problem.detail]).toEqual([401, expect.stringContaining('jobs/read to read')]);
  });
});

describe('tokens', () => {
  it('a token is accepted until it expires, and gets 401 from then on', async () => {
    const short = withToken(await createToken({ tokenValiditySeconds: 4 }));
    expect((await get(short)).status).toBe(200);
    await sleep(4100);
    const { status, headers, body: problem } = await post(short);
    expect([status, headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(problem.detail).toContain('valid access token');
  });

  it('a token of another user pool gets 401, even with a valid signature and scopes of the same name', async () => {
    const foreign = await createToken({ userPoolId: await createForeignPool() });
    expect((await post(withToken(foreign))).status).toBe(401);
  });

  it.each([
    ['the query', { authorization: '' }, `${PATH}?Authorization=${one.token}&access_token=${one.token}`],
    ['another header', { authorization: '', 'x-authorization': `Bearer ${one.token}` }, PATH],
    ['the API key’s header', { authorization: '', 'x-api-key': one.token }, PATH],
    ['a basic credential', { authorization: `Basic ${Buffer.from(`x:${one.token}`).toString('base64')}` }, PATH],
  ])('a token in %s gets 401', async (_, headers, path) => {
    expect((await post(headers, path)).status).toBe(401);
  });
});

describe('API keys', () => {
  it('an API key gets 403 while it is disabled and after it was deleted', async () => {
    const { keyId, value } = await createKey();
    const switchTo = (enabled: string) =>
      gateway.send(
        new UpdateApiKeyCommand({
          apiKey: keyId,
          patchOperations: [{ op: 'replace', path: '/enabled', value: enabled }],
        }),
      );
    expect((await get({ 'x-api-key': value })).status).toBe(200);
    await switchTo('false');
    const { status, body: problem } = await post({ 'x-api-key': value });
    expect([status, problem.detail]).toEqual([403, expect.stringContaining('API key')]);
    await switchTo('true');
    expect((await get({ 'x-api-key': value })).status).toBe(200);
    await gateway.send(new DeleteApiKeyCommand({ apiKey: keyId }));
    expect((await get({ 'x-api-key': value })).status).toBe(403);
  });

  it.each([
    ['the query', `${PATH}?x-api-key=${one.apiKey}`, {}],
    ['the token’s header', PATH, { authorization: one.apiKey }],
  ])('an API key in %s is refused', async (_, path, headers) => {
    expect([401, 403]).toContain((await post({ 'x-api-key': '', ...headers }, path)).status);
  });

  it('an API key over its rate gets 429, and is accepted again after the seconds in Retry-After', async () => {
    const { value } = await createKey({ throttle: { rateLimit: 1, burstLimit: 1 } });
    const key = { 'x-api-key': value };
    const throttled = await eventually('a 429', async () => {
      const answer = await get(key);
      return answer.status === 429 && answer;
    });
    expect(throttled.headers.get('content-type')).toBe('application/problem+json');
    expect(throttled.body).toMatchObject({ status: 429, detail: expect.stringContaining('Nothing was accepted') });
    const seconds = Number(throttled.headers.get('retry-after'));
    expect(seconds).toBe(1);
    await sleep(seconds * 1000 + 100);
    expect((await get(key)).status).toBe(200);
  });

  it('an API key over its quota gets 429 with a Retry-After of an hour', async () => {
    const { value } = await createKey({ quota: { limit: 1, period: 'DAY' } });
    const key = { 'x-api-key': value };
    expect((await get(key)).status).toBe(200);
    const { status, headers, body: problem } = await post(key);
    expect([status, headers.get('retry-after')]).toEqual([429, '3600']);
    expect(problem.detail).toContain('used up');
  });
});

import { createClient, tokenSource } from './index.ts';
import { doorForTests } from './testing/door-server.ts';

const CREDENTIALS = { clientId: 'client', clientSecret: 'secret' };

describe("the client's token", () => {
  const door = doorForTests();
  let tokens: number;
  /** What the front door takes. */
  let valid: (bearer: string) => boolean;
  const client = () =>
    createClient({ apiUrl: door.url, apiKey: 'k', token: tokenSource({ tokenUrl: `${door.url}/token` }, CREDENTIALS) });

  beforeEach(() => {
    tokens = 0;
    door.answers(({ url, headers }) => {
      if (url === '/token') {
        tokens += 1;
        return { body: { access_token: `token-${tokens}`, expires_in: 900 } };
      }
      return valid(String(headers.authorization))
        ? { body: { jobs: [] } }
        : { status: 401, body: { detail: 'Send a token.' } };
    });
  });
  afterEach(() => jest.restoreAllMocks());

  it('is renewed once for all calls that were refused with it, and the calls are sent again', async () => {
    const { jobs } = client();
    valid = () => true;
    await jobs.csvImport.page();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_000);
    valid = (bearer) => bearer === 'Bearer token-2';
    const pages = await Promise.all([jobs.csvImport.page(), jobs.csvImport.page(), jobs.csvImport.page()]);
    expect([pages, tokens]).toEqual([Array(3).fill({ jobs: [] }), 2]);
  });

  it('is not renewed while it is new, because another one would lack the same scope', async () => {
    const { jobs } = client();
    valid = () => false;
    await expect(jobs.csvImport.page()).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringContaining('Send a token.'),
    });
    await expect(jobs.csvImport.page()).rejects.toMatchObject({ status: 401 });
    expect(tokens).toBe(1);
  });
});

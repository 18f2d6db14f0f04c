import type { Scope } from '@spillway/shared/contracts/scopes.ts';
import type { AppClient } from './app-clients.ts';
import type { Stage } from './deployed-stage.ts';
import { ClientError } from './errors.ts';
import { fetchFrom } from './fetch-from.ts';

/** How long before its end a token is replaced: longer than a request takes, and than two clocks usually differ. */
const RENEW_BEFORE_MS = 60_000;

/** A token that is refused although it is newer than this lacks a right, and another one, which is billed, would lack it too. */
const NEW_MS = 60_000;

export interface AccessToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Returns a token that is valid for the next request.
 *
 * @param refused the token that the front door has just refused: it is replaced, unless it is new
 */
export type TokenSource = (refused?: string) => Promise<string>;

/**
 * Requests an access token with an app client's credentials (OAuth 2.0 client credentials grant). Cognito bills each
 * request ($2.25 per 1,000 in us-east-1), so use a token until it expires: see {@link tokenSource}.
 *
 * @param scopes without them, the token has all that the app client may have
 * (https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html)
 * @throws ClientError with the token endpoint's answer if it refuses
 */
export async function requestToken(
  { tokenUrl }: Pick<Stage, 'tokenUrl'>,
  { clientId, clientSecret }: AppClient,
  scopes?: readonly Scope[],
): Promise<AccessToken> {
  const requestedAt = Date.now();
  const response = await fetchFrom('The token endpoint', tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scopes && { scope: scopes.join(' ') }) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new ClientError('NO_TOKEN', `The token request failed: ${response.status} ${text.slice(0, 200)}`);
  }
  const { access_token: token, expires_in: seconds } = parse(text);
  if (typeof token !== 'string' || typeof seconds !== 'number') {
    throw new ClientError('NO_TOKEN', `The token endpoint answered without a token: ${text.slice(0, 200)}`);
  }
  return { token, expiresAt: requestedAt + seconds * 1000 };
}

function parse(text: string): { access_token?: unknown; expires_in?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Requests one token, for a caller that is done before it expires. */
export const accessToken = async (...request: Parameters<typeof requestToken>): Promise<string> =>
  (await requestToken(...request)).token;

/** Keeps an app client's token and replaces it shortly before it expires. Nothing is requested until it is called. */
export const tokenSource = (...request: Parameters<typeof requestToken>): TokenSource =>
  keepFresh(() => requestToken(...request));

/** Whether a token is still valid for the next request. */
export const isFresh = ({ expiresAt }: AccessToken): boolean => Date.now() < expiresAt - RENEW_BEFORE_MS;

/**
 * Keeps what a request returned until it is about to expire or is refused. Calls at the same time share a request.
 *
 * @param request gets a token, which must not be the refused one
 */
export function keepFresh(request: (refused?: string) => Promise<AccessToken>): TokenSource {
  let asked: Promise<AccessToken> | undefined;
  let current: (AccessToken & { since: number }) | undefined;
  const isRefused = (refused: string | undefined) =>
    current !== undefined && current.token === refused && Date.now() - current.since > NEW_MS;
  return async (refused) => {
    if (current && isFresh(current) && !isRefused(refused)) return current.token;
    asked ??= request(isRefused(refused) ? refused : undefined).finally(() => {
      asked = undefined;
    });
    const token = await asked;
    if (current?.token !== token.token) current = { ...token, since: Date.now() };
    return token.token;
  };
}

import { ALL_SCOPES, type Scope } from '@spillway/shared/contracts/scopes.ts';
import type { AppClient } from './app-clients.ts';
import { ClientError } from './errors.ts';
import type { Stage } from './stage.ts';

/**
 * Requests an access token with an app client's credentials (OAuth 2.0 client credentials grant).
 *
 * @throws ClientError with the token endpoint's answer if it refuses
 */
export async function accessToken(
  { tokenUrl }: Pick<Stage, 'tokenUrl'>,
  { clientId, clientSecret }: AppClient,
  scopes: readonly Scope[] = ALL_SCOPES,
): Promise<string> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new ClientError('NO_TOKEN', `The token request failed: ${response.status} ${text.slice(0, 200)}`);
  }
  return JSON.parse(text).access_token as string;
}

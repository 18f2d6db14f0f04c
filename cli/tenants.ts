import { apiKeys } from './api-keys.ts';
import { type AppClient, appClients, SCOPES } from './app-clients.ts';
import { CliError } from './errors.ts';
import type { Stage } from './stage.ts';

/** What a caller needs; the API key can be read only when it is made. */
export interface Credentials extends AppClient {
  tenant: string;
  apiKey: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Onboards callers: a Cognito app client and an API key of the usage plan, both named as the tenant. */
export function tenants({ name: stage, userPoolId, usagePlanId }: Pick<Stage, 'name' | 'userPoolId' | 'usagePlanId'>) {
  const clients = appClients(userPoolId);
  const keys = apiKeys(usagePlanId);
  const labelOf = (tenant: string) => `spillway-${stage}-${tenant}`;

  return {
    /**
     * Makes a tenant, or what is missing of one whose making was interrupted.
     *
     * @throws CliError if there is one of that name, or the name is none
     */
    async create(tenant: string): Promise<Credentials> {
      checkName(tenant);
      const label = labelOf(tenant);
      const half = await clients.find(label);
      if (half && (await keys.exists(label))) {
        throw new CliError(
          'TENANT_EXISTS',
          `There is a tenant ${tenant} on ${stage}. For new secrets: spillway tenant rotate ${tenant}`,
        );
      }
      const client = half ? await clients.read(half) : await clients.make(label);
      return { tenant, ...client, apiKey: await keys.renew(label) };
    },

    /**
     * Gives a tenant a new API key and a new client secret, and ends the old ones at once. The app client stays: its id
     * is the tenant's identity, to which its jobs belong. Interrupted, it can be done again.
     *
     * @throws CliError if there is none of that name
     */
    async rotate(tenant: string): Promise<Credentials> {
      const clientId = await clientOf(tenant);
      const apiKey = await keys.renew(labelOf(tenant));
      return { tenant, ...(await clients.renew(clientId)), apiKey };
    },

    /** Ends a tenant's access at once, by its API key; its jobs stay. `rotate` gives it access again. */
    async suspend(tenant: string): Promise<void> {
      await clientOf(tenant);
      await keys.disable(labelOf(tenant));
    },
  };

  async function clientOf(tenant: string): Promise<string> {
    checkName(tenant);
    const clientId = await clients.find(labelOf(tenant));
    if (clientId) return clientId;
    throw new CliError(
      'NO_TENANT',
      `There is no tenant ${tenant} on ${stage}. Make one: spillway tenant create ${tenant}`,
    );
  }
}

/** @throws CliError if no tenant may have that name */
export function checkName(tenant: string): void {
  if (NAME.test(tenant)) return;
  throw new CliError(
    'BAD_NAME',
    `"${tenant}" is no tenant name: 1 to 63 of a-z, 0-9 and "-", not starting with "-".`,
    2,
  );
}

/**
 * An access token by client credentials.
 *
 * @throws CliError with what the token endpoint said
 */
export async function accessToken(
  stage: Pick<Stage, 'tokenUrl'>,
  { clientId, clientSecret }: AppClient,
): Promise<string> {
  const response = await fetch(stage.tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPES.join(' ') }),
  });
  const text = await response.text();
  if (!response.ok) throw new CliError('NO_TOKEN', `No access token: ${response.status} ${text.slice(0, 200)}`);
  return JSON.parse(text).access_token as string;
}

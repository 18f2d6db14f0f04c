import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  paginateListUserPoolClients,
} from '@aws-sdk/client-cognito-identity-provider';
import { CliError } from './errors.ts';
import type { Stage } from './stage.ts';

/** What a caller needs; the secrets can be read only when they are made. */
export interface Credentials {
  tenant: string;
  clientId: string;
  clientSecret: string;
  apiKey: string;
}

const SCOPES = ['jobs/submit', 'jobs/read'];
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Onboards callers: a Cognito app client and an API key of the usage plan, both named as the tenant. */
export function tenants({ name: stage, userPoolId, usagePlanId }: Stage) {
  const users = new CognitoIdentityProviderClient();
  const gateway = new APIGatewayClient();
  const labelOf = (tenant: string) => `spillway-${stage}-${tenant}`;

  async function findClient(tenant: string): Promise<string | undefined> {
    for await (const page of paginateListUserPoolClients(
      { client: users },
      { UserPoolId: userPoolId, MaxResults: 60 },
    )) {
      const found = page.UserPoolClients?.find(({ ClientName }) => ClientName === labelOf(tenant));
      if (found) return found.ClientId;
    }
    return undefined;
  }

  async function findKey(tenant: string): Promise<string | undefined> {
    const { items } = await gateway.send(new GetApiKeysCommand({ nameQuery: labelOf(tenant) }));
    return items?.find(({ name }) => name === labelOf(tenant))?.id;
  }

  async function makeClient(tenant: string) {
    const { UserPoolClient } = await users.send(
      new CreateUserPoolClientCommand({
        UserPoolId: userPoolId,
        ClientName: labelOf(tenant),
        GenerateSecret: true,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthScopes: SCOPES,
      }),
    );
    return { clientId: UserPoolClient?.ClientId ?? '', clientSecret: UserPoolClient?.ClientSecret ?? '' };
  }

  async function makeKey(tenant: string): Promise<string> {
    const { id, value } = await gateway.send(new CreateApiKeyCommand({ name: labelOf(tenant), enabled: true }));
    await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
    return value ?? '';
  }

  return {
    /** @throws CliError if there is one of that name */
    async create(tenant: string): Promise<Credentials> {
      if (!NAME.test(tenant)) {
        throw new CliError(
          'BAD_NAME',
          `"${tenant}" is no tenant name: 1 to 63 of a-z, 0-9 and "-", not starting with "-".`,
          2,
        );
      }
      if (await findClient(tenant)) {
        throw new CliError(
          'TENANT_EXISTS',
          `There is a tenant ${tenant} on ${stage}. For new secrets: spillway tenant rotate ${tenant}`,
        );
      }
      const client = await makeClient(tenant);
      return { tenant, ...client, apiKey: await makeKey(tenant) };
    },

    /**
     * Gives a tenant a new API key and ends the old one. The app client stays: its id is the tenant's identity, to which
     * its jobs belong.
     *
     * @throws CliError if there is none of that name
     */
    async rotate(tenant: string): Promise<Pick<Credentials, 'tenant' | 'apiKey'>> {
      await require(tenant);
      const old = await findKey(tenant);
      if (old) await gateway.send(new DeleteApiKeyCommand({ apiKey: old }));
      return { tenant, apiKey: await makeKey(tenant) };
    },

    /** Ends a tenant's access at once, by its API key; its jobs stay. `rotate` gives it access again. */
    async suspend(tenant: string): Promise<void> {
      await require(tenant);
      const key = await findKey(tenant);
      const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
      if (key) await gateway.send(new UpdateApiKeyCommand({ apiKey: key, patchOperations }));
    },
  };

  async function require(tenant: string): Promise<string> {
    const clientId = await findClient(tenant);
    if (clientId) return clientId;
    throw new CliError(
      'NO_TENANT',
      `There is no tenant ${tenant} on ${stage}. Make one: spillway tenant create ${tenant}`,
    );
  }
}

/**
 * An access token by client credentials.
 *
 * @throws CliError with what the token endpoint said
 */
export async function accessToken(
  stage: Stage,
  { clientId, clientSecret }: Pick<Credentials, 'clientId' | 'clientSecret'>,
) {
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

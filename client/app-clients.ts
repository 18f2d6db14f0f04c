import {
  AddUserPoolClientSecretCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  paginateListUserPoolClients,
} from '@aws-sdk/client-cognito-identity-provider';
import { ALL_SCOPES, type Scope } from '@spillway/shared/contracts/scopes.ts';

/** Cognito's largest page. */
const PAGE = 60;
/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html */
const MAX_SECRETS = 2;

/**
 * How long a tenant's access token is valid. A token cannot be revoked, so this is also how long the tokens of a suspended
 * tenant still work; Cognito allows 5 minutes to a day. Every token is billed: a process that calls around the clock
 * needs about 3,100 a month, which is $7 (docs/decisions/2026-11-26-suspending-ends-access-within-15-minutes.md).
 */
export const TOKEN_VALIDITY_SECONDS = 15 * 60;

export interface AppClient {
  clientId: string;
  clientSecret: string;
}

/** How an app client differs from a tenant's. */
export interface AppClientOptions {
  scopes?: readonly Scope[];
  /** How long its access tokens are valid. */
  tokenValiditySeconds?: number;
}

/** The app clients of a user pool, one for each tenant. The client's id identifies the tenant in every token. */
export function appClients(UserPoolId: string) {
  const users = new CognitoIdentityProviderClient();

  return {
    /** The id of the app client with this name, if there is one. */
    async find(name: string): Promise<string | undefined> {
      for await (const page of paginateListUserPoolClients({ client: users }, { UserPoolId, MaxResults: PAGE })) {
        const found = page.UserPoolClients?.find(({ ClientName }) => ClientName === name);
        if (found) return found.ClientId;
      }
      return undefined;
    },

    async create(
      name: string,
      { scopes = ALL_SCOPES, tokenValiditySeconds = TOKEN_VALIDITY_SECONDS }: AppClientOptions = {},
    ): Promise<AppClient> {
      const { UserPoolClient } = await users.send(
        new CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: name,
          GenerateSecret: true,
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthScopes: [...scopes],
          AccessTokenValidity: tokenValiditySeconds,
          TokenValidityUnits: { AccessToken: 'seconds' },
        }),
      );
      return { clientId: UserPoolClient?.ClientId ?? '', clientSecret: UserPoolClient?.ClientSecret ?? '' };
    },

    async read(ClientId: string): Promise<AppClient> {
      const { UserPoolClient } = await users.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
      return { clientId: ClientId, clientSecret: UserPoolClient?.ClientSecret ?? '' };
    },

    /** Replaces the client's secrets with a new one. */
    async renew(ClientId: string): Promise<AppClient> {
      const client = { UserPoolId, ClientId };
      const remove = (secret: { ClientSecretId?: string | undefined }) =>
        users.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId: secret.ClientSecretId }));
      const { ClientSecrets: old = [] } = await users.send(new ListUserPoolClientSecretsCommand(client));
      // an interrupted renewal may have left a second secret, and Cognito allows only two
      for (const secret of old.splice(MAX_SECRETS - 1)) await remove(secret);
      const { ClientSecretDescriptor: renewed } = await users.send(new AddUserPoolClientSecretCommand(client));
      for (const secret of old) await remove(secret);
      return { clientId: ClientId, clientSecret: renewed?.ClientSecretValue ?? '' };
    },
  };
}

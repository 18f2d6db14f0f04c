import {
  AddUserPoolClientSecretCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  paginateListUserPoolClients,
} from '@aws-sdk/client-cognito-identity-provider';

/** What a caller may ask for. */
export const SCOPES = ['jobs/submit', 'jobs/read'];
/** Cognito's largest page. */
const PAGE = 60;
/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html */
const MOST_SECRETS = 2;

export interface AppClient {
  clientId: string;
  clientSecret: string;
}

/** The app clients of a user pool: one for each tenant, whose id is the tenant in every token. */
export function appClients(UserPoolId: string) {
  const users = new CognitoIdentityProviderClient();

  return {
    /** The id of the client of that name, among all of the pool's. */
    async find(name: string): Promise<string | undefined> {
      for await (const page of paginateListUserPoolClients({ client: users }, { UserPoolId, MaxResults: PAGE })) {
        const found = page.UserPoolClients?.find(({ ClientName }) => ClientName === name);
        if (found) return found.ClientId;
      }
      return undefined;
    },

    async make(name: string): Promise<AppClient> {
      const { UserPoolClient } = await users.send(
        new CreateUserPoolClientCommand({
          UserPoolId,
          ClientName: name,
          GenerateSecret: true,
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthScopes: SCOPES,
        }),
      );
      return { clientId: UserPoolClient?.ClientId ?? '', clientSecret: UserPoolClient?.ClientSecret ?? '' };
    },

    async read(ClientId: string): Promise<AppClient> {
      const { UserPoolClient } = await users.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
      return { clientId: ClientId, clientSecret: UserPoolClient?.ClientSecret ?? '' };
    },

    /** A new secret; the old ones end. */
    async renew(ClientId: string): Promise<AppClient> {
      const client = { UserPoolId, ClientId };
      const end = (secret: { ClientSecretId?: string | undefined }) =>
        users.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId: secret.ClientSecretId }));
      const { ClientSecrets: old = [] } = await users.send(new ListUserPoolClientSecretsCommand(client));
      // one that an interrupted renewal left behind is in the way of the new one
      for (const secret of old.splice(MOST_SECRETS - 1)) await end(secret);
      const { ClientSecretDescriptor: renewed } = await users.send(new AddUserPoolClientSecretCommand(client));
      for (const secret of old) await end(secret);
      return { clientId: ClientId, clientSecret: renewed?.ClientSecretValue ?? '' };
    },
  };
}

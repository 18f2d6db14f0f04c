import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  type QuotaSettings,
  type ThrottleSettings,
} from '@aws-sdk/client-api-gateway';
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { outputs, stage } from './engine.ts';

const users = new CognitoIdentityProviderClient({});
export const gateway = new APIGatewayClient({});

const SCOPES = ['jobs/submit', 'jobs/read'];

/** What a test's app client differs in from a tenant's. */
interface ClientOptions {
  scopes?: string[];
  userPoolId?: string;
  /** How long its tokens are valid; the engine takes less than AWS's five minutes. */
  validitySeconds?: number;
}

/** The access token of an app client made for it. */
export async function tokenOf({ scopes = SCOPES, userPoolId, validitySeconds }: ClientOptions = {}): Promise<string> {
  const { UserPoolClient: client } = await users.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId ?? stage.userPoolId,
      ClientName: 'test',
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: scopes,
      ...(validitySeconds && {
        AccessTokenValidity: validitySeconds,
        TokenValidityUnits: { AccessToken: 'seconds' },
      }),
    }),
  );
  const answer = await fetch(stage.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client?.ClientId ?? '',
      client_secret: client?.ClientSecret ?? '',
      scope: scopes.join(' '),
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (!token) throw new Error(`no token: ${answer.status}`);
  return token;
}

/** Another user pool with the same scopes: whose tokens are good, but not here. */
export async function foreignPool(): Promise<string> {
  const { UserPool: pool } = await users.send(new CreateUserPoolCommand({ PoolName: 'foreign' }));
  const scopes = SCOPES.map((scope) => ({ ScopeName: scope.split('/')[1] ?? '', ScopeDescription: scope }));
  await users.send(
    new CreateResourceServerCommand({ UserPoolId: pool?.Id, Identifier: 'jobs', Name: 'jobs', Scopes: scopes }),
  );
  return pool?.Id ?? '';
}

/** An API key of its own usage plan, or of the stage's. */
export async function keyOf(plan?: { throttle?: ThrottleSettings; quota?: QuotaSettings }) {
  const { id: keyId = '', value = '' } = await gateway.send(new CreateApiKeyCommand({ name: 'test', enabled: true }));
  const usagePlanId = plan ? await planOf(plan) : outputs.ingress.UsagePlanId;
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return { keyId, value };
}

async function planOf(plan: { throttle?: ThrottleSettings; quota?: QuotaSettings }) {
  const apiStages = [{ apiId: outputs.ingress.ApiId, stage: stage.name }];
  return (await gateway.send(new CreateUsagePlanCommand({ name: 'test', apiStages, ...plan }))).id;
}

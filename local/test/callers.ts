import { randomUUID } from 'node:crypto';
import {
  APIGatewayClient,
  CreateUsagePlanCommand,
  type QuotaSettings,
  type ThrottleSettings,
} from '@aws-sdk/client-api-gateway';
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { accessToken } from '@spillway/client/access-token.ts';
import { apiKeys } from '@spillway/client/api-keys.ts';
import { type AppClient, type AppClientOptions, appClients } from '@spillway/client/app-clients.ts';
import { tenants } from '@spillway/client/tenants.ts';
import { SCOPE_SERVER, SCOPES } from '@spillway/shared/contracts/scopes.ts';
import { output, stage, type Tenant } from './deployed.ts';

export const gateway = new APIGatewayClient({});

/** Creates an app client, which may differ from a tenant's. @returns an access token for it */
export async function createToken({
  userPoolId = stage.userPoolId,
  ...options
}: AppClientOptions & { userPoolId?: string } = {}): Promise<string> {
  return accessToken(stage, await appClients(userPoolId).create('test', options), options.scopes);
}

/** The onboarding of tenants, as `spillway tenant` does it. */
export const onboarding = tenants(stage);

/** Requests a token with a tenant's secrets. Rejects if the token endpoint refuses. */
export const tokenOf = (client: AppClient): Promise<string> => accessToken(stage, client);

/** Onboards a tenant of a test alone: whatever happens to its jobs, or comes of them, is the test's own. */
export async function ownTenant(name: string): Promise<Tenant> {
  const credentials = await onboarding.create(`${name}-${randomUUID()}`);
  return { ...credentials, token: await tokenOf(credentials) };
}

/** Creates another user pool with the same scopes, whose tokens are valid, but not for our API. @returns its id */
export async function createForeignPool(): Promise<string> {
  const users = new CognitoIdentityProviderClient({});
  const { UserPool: pool } = await users.send(new CreateUserPoolCommand({ PoolName: 'foreign' }));
  const scopes = Object.entries(SCOPES).map(([scope, { description }]) => ({
    ScopeName: scope.slice(SCOPE_SERVER.length + 1),
    ScopeDescription: description,
  }));
  await users.send(
    new CreateResourceServerCommand({
      UserPoolId: pool?.Id,
      Identifier: SCOPE_SERVER,
      Name: SCOPE_SERVER,
      Scopes: scopes,
    }),
  );
  return pool?.Id ?? '';
}

/** Creates an API key in the stage's usage plan, or in a new plan with the given limits. */
export async function createKey(limits?: { throttle?: ThrottleSettings; quota?: QuotaSettings }) {
  return apiKeys(limits ? await createPlan(limits) : stage.usagePlanId).create('test');
}

async function createPlan(limits: { throttle?: ThrottleSettings; quota?: QuotaSettings }): Promise<string> {
  const apiStages = [{ apiId: output('ingress', 'ApiId'), stage: stage.name }];
  return (await gateway.send(new CreateUsagePlanCommand({ name: 'test', apiStages, ...limits }))).id ?? '';
}

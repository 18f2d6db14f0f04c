import { apiKeys } from './api-keys.ts';
import { type AppClient, appClients } from './app-clients.ts';
import type { Stage } from './deployed-stage.ts';
import { ClientError } from './errors.ts';
import { pauseSchedules } from './tenant-schedules.ts';
import { disableWebhooks } from './tenant-webhooks.ts';

/** A tenant's secrets. */
export interface Credentials extends AppClient {
  tenant: string;
  apiKey: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Onboards tenants of a stage: each has a Cognito app client and an API key in the usage plan, named after it. */
export function tenants({ name: stage, userPoolId, usagePlanId }: Pick<Stage, 'name' | 'userPoolId' | 'usagePlanId'>) {
  const clients = appClients(userPoolId);
  const keys = apiKeys(usagePlanId);
  const labelOf = (tenant: string) => `spillway-${stage}-${tenant}`;

  return {
    /**
     * Creates a tenant, or completes one whose creation was interrupted.
     *
     * @throws ClientError if the tenant exists or the name is invalid
     */
    async create(tenant: string): Promise<Credentials> {
      checkTenantName(tenant);
      const label = labelOf(tenant);
      const existing = await clients.find(label);
      if (existing && (await keys.exists(label))) {
        throw new ClientError(
          'TENANT_EXISTS',
          `The tenant ${tenant} already exists on ${stage}. To replace its secrets: npm run spillway -- tenant rotate ${tenant} --stage ${stage}`,
        );
      }
      const client = existing ? await clients.read(existing) : await clients.create(label);
      const { value: apiKey } = await keys.renew(label);
      return { tenant, ...client, apiKey };
    },

    /**
     * Replaces a tenant's API key and client secret. From then on the old secret gets no token; a token that was requested
     * with it before works until it expires (TOKEN_VALIDITY_SECONDS). API Gateway refuses the old key after some seconds. The
     * app client stays, because its id is the tenant's identity and owns its jobs. Safe to repeat after an interruption.
     *
     * @throws ClientError if there is no such tenant
     */
    async rotate(tenant: string): Promise<Credentials> {
      const clientId = await findClient(tenant);
      const { value: apiKey } = await keys.renew(labelOf(tenant));
      return { tenant, ...(await clients.renew(clientId)), apiKey };
    },

    /**
     * Ends a tenant's access: it gets no new token, and the tokens it has expire within TOKEN_VALIDITY_SECONDS. Its API key
     * is disabled, too, but a key only meters: API Gateway takes any tenant's key with any tenant's token. Its schedules
     * are paused and its webhooks disabled, which it ends itself. Its jobs stay, and `rotate` restores access. Safe to repeat
     * after an interruption.
     */
    async suspend(tenant: string): Promise<void> {
      const clientId = await findClient(tenant);
      await keys.disable(labelOf(tenant));
      // nobody ever sees the new secret
      await clients.renew(clientId);
      // last, so that nobody can get another token to undo it
      await pauseSchedules(stage, clientId);
      await disableWebhooks(stage, clientId);
    },
  };

  async function findClient(tenant: string): Promise<string> {
    checkTenantName(tenant);
    const clientId = await clients.find(labelOf(tenant));
    if (clientId) return clientId;
    throw new ClientError(
      'NO_TENANT',
      `There is no tenant ${tenant} on ${stage}. To create it: npm run spillway -- tenant create ${tenant} --stage ${stage}`,
    );
  }
}

/** Whether a tenant can have this name. */
export const isTenantName = (tenant: string): boolean => NAME.test(tenant);

/** @throws ClientError if a tenant cannot have this name */
export function checkTenantName(tenant: string): void {
  if (isTenantName(tenant)) return;
  throw new ClientError(
    'BAD_NAME',
    `"${tenant}" is not a valid tenant name: use 1 to 63 of a-z, 0-9 and "-", not starting with "-".`,
  );
}

import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetUsagePlanKeyCommand,
  NotFoundException,
  paginateGetApiKeys,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';

/** API Gateway's largest page. */
const PAGE = 500;

export interface ApiKey {
  keyId: string;
  /** What a caller sends as `x-api-key`; readable only when the key is created. */
  value: string;
}

/** The API keys of a usage plan, one for each tenant. */
export function apiKeys(usagePlanId: string) {
  const gateway = new APIGatewayClient();

  /** The ids of all keys with exactly this name. API Gateway allows duplicate names, and its query matches prefixes. */
  async function find(name: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { items = [] } of paginateGetApiKeys({ client: gateway }, { nameQuery: name, limit: PAGE })) {
      ids.push(...items.filter((key) => key.name === name).map(({ id = '' }) => id));
    }
    return ids;
  }

  async function create(name: string): Promise<ApiKey> {
    const { id: keyId = '', value = '' } = await gateway.send(new CreateApiKeyCommand({ name, enabled: true }));
    await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    return { keyId, value };
  }

  async function isInPlan(keyId: string): Promise<boolean> {
    try {
      await gateway.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId }));
      return true;
    } catch (error) {
      if (error instanceof NotFoundException) return false;
      throw error;
    }
  }

  return {
    /** Whether the usage plan has a key with this name. */
    async exists(name: string): Promise<boolean> {
      return (await Promise.all((await find(name)).map(isInPlan))).includes(true);
    },

    create,

    /** Creates a key and deletes every other key with this name. */
    async renew(name: string): Promise<ApiKey> {
      for (const apiKey of await find(name)) await gateway.send(new DeleteApiKeyCommand({ apiKey }));
      return create(name);
    },

    async disable(name: string): Promise<void> {
      const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
      for (const apiKey of await find(name)) await gateway.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
    },
  };
}

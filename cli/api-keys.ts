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

/** The API keys of a usage plan: one for each tenant. */
export function apiKeys(usagePlanId: string) {
  const gateway = new APIGatewayClient();

  /** The ids of all keys of exactly that name: API Gateway takes the same name twice, and looks for its beginning. */
  async function find(name: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { items = [] } of paginateGetApiKeys({ client: gateway }, { nameQuery: name, limit: PAGE })) {
      ids.push(...items.filter((key) => key.name === name).map(({ id = '' }) => id));
    }
    return ids;
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
    /** Whether a key of that name is there and opens something. */
    async exists(name: string): Promise<boolean> {
      return (await Promise.all((await find(name)).map(isInPlan))).includes(true);
    },

    /** A new key; every other of that name ends. */
    async renew(name: string): Promise<string> {
      for (const apiKey of await find(name)) await gateway.send(new DeleteApiKeyCommand({ apiKey }));
      const { id, value } = await gateway.send(new CreateApiKeyCommand({ name, enabled: true }));
      await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
      return value ?? '';
    },

    async disable(name: string): Promise<void> {
      const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
      for (const apiKey of await find(name)) await gateway.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
    },
  };
}

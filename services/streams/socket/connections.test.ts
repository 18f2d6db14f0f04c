import { type BatchGetCommandInput, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { memoryTable } from '@spillway/shared/testing/memory-table.ts';
import { connections } from './connections.ts';
import { presenceKey } from './table.ts';

/** A table of which each tenant has a presence, and which processes so many keys of a call. */
function tableThatProcesses(most: number) {
  const client = {
    async send({ input }: { input: BatchGetCommandInput }) {
      const { Keys = [] } = input.RequestItems?.connections ?? {};
      const left = Keys.slice(most);
      return {
        Responses: { connections: Keys.slice(0, most) },
        ...(left.length > 0 && { UnprocessedKeys: { connections: { Keys: left } } }),
      };
    },
  } as unknown as DynamoDBDocumentClient;
  return connections(client, 'connections');
}

const tenants = Array.from({ length: 120 }, (_, n) => `tenant-${n}`);

describe('the presence of tenants', () => {
  it('is found for all of them, although DynamoDB does not process all keys at once', async () => {
    const found = await tableThatProcesses(40).presences(tenants);
    expect([...found.keys()]).toEqual(tenants);
  });

  it('fails if DynamoDB does not process all keys after a few tries, so that the failure is counted', async () => {
    await expect(tableThatProcesses(0).presences(tenants)).rejects.toThrow('did not process 100 keys');
  });

  it('lasts as long as the longest of two connections that note theirs at the same time', async () => {
    const table = memoryTable();
    const { pk } = presenceKey('t');
    // both read before one of them has written; their other rows are no matter here
    const client = {
      send: async (command: UpdateCommand) =>
        command instanceof UpdateCommand && command.input.Key?.pk === pk ? table.client.send(command) : {},
    } as unknown as DynamoDBDocumentClient;
    const store = connections(client, 'connections');
    const hour = 3600;
    for (const until of [2 * hour, hour]) {
      await store.subscribe({ id: `until-${until}`, tenant: 't', apiId: 'api', until }, { kind: 'all', key: 'all#t' });
    }
    expect(table.rows.get(pk)).toMatchObject({ all: 2 * hour, apiId: 'api' });
  });
});

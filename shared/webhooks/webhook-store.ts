import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ifPossible } from '../runtime/if-possible.ts';
import { type WebhookRow, webhookKey } from './table.ts';

export type WebhookStore = ReturnType<typeof webhookStore>;

/** What a tenant decides about a webhook. */
export type WebhookSettings = Pick<WebhookRow, 'url' | 'events' | 'jobTypes' | 'disabledSince' | 'disabledBecause'>;

/** The fields that writes may remove. */
type State = Pick<WebhookRow, 'jobTypes' | 'disabledSince' | 'disabledBecause' | 'failingSince' | 'noticedAt'>;
type Removable = keyof State | 'previousSecretUntil';

/** Tenants' webhooks. Only this file and table.ts know their table. Every write but the first needs the row to be there. */
export function webhookStore(dynamo: DynamoDBDocumentClient, table: string) {
  const at = { TableName: table };

  /** @returns undefined if this tenant has no such webhook */
  async function get(tenant: string, id: string): Promise<WebhookRow | undefined> {
    const Key = webhookKey(tenant, id);
    const { Item } = await dynamo.send(new GetCommand({ ...at, Key, ConsistentRead: true }));
    return Item as WebhookRow | undefined;
  }

  /** All webhooks of a tenant, by id. They fit in one answer: ten of at most 5 KB. */
  async function list(
    tenant: string,
    { consistent = true, abortSignal }: { consistent?: boolean; abortSignal?: AbortSignal } = {},
  ): Promise<WebhookRow[]> {
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        ...at,
        KeyConditionExpression: 'pk = :tenant',
        ExpressionAttributeValues: { ':tenant': tenant },
        ConsistentRead: consistent,
      }),
      abortSignal && { abortSignal },
    );
    return Items as WebhookRow[];
  }

  /** @returns false if there is one with its id */
  const create = (row: WebhookRow): Promise<boolean> =>
    ifPossible(dynamo.send(new PutCommand({ ...at, Item: row, ConditionExpression: 'attribute_not_exists(pk)' })));

  /**
   * Sets some fields and removes others.
   *
   * @param where fields that must have a value, so that nothing is done twice
   * @returns false if the webhook is not there, or not like that
   */
  async function change(
    { pk, sk }: Pick<WebhookRow, 'pk' | 'sk'>,
    set: Partial<WebhookRow>,
    remove: readonly Removable[] = [],
    where: Partial<WebhookRow> = {},
  ): Promise<boolean> {
    const given = Object.entries(set).filter(([, value]) => value !== undefined);
    const removed = remove.filter((field) => set[field] === undefined);
    const wanted = Object.entries(where);
    const assignments = given.map(([field]) => `#${field} = :${field}`);
    return ifPossible(
      dynamo.send(
        new UpdateCommand({
          ...at,
          Key: { pk, sk },
          UpdateExpression: [
            assignments.length > 0 ? `SET ${assignments.join(', ')}` : '',
            removed.length > 0 ? `REMOVE ${removed.map((field) => `#${field}`).join(', ')}` : '',
          ].join(' '),
          ConditionExpression: ['attribute_exists(pk)', ...wanted.map(([field]) => `#${field} = :was_${field}`)].join(
            ' AND ',
          ),
          ExpressionAttributeNames: Object.fromEntries(
            [...given.map(([field]) => field), ...removed, ...wanted.map(([field]) => field)].map((field) => [
              `#${field}`,
              field,
            ]),
          ),
          ...(given.length + wanted.length > 0 && {
            ExpressionAttributeValues: Object.fromEntries([
              ...given.map(([field, value]) => [`:${field}`, value]),
              ...wanted.map(([field, value]) => [`:was_${field}`, value]),
            ]),
          }),
        }),
      ),
    );
  }

  /** Writes what its tenant decides, which ends whatever was wrong with it. @returns false if it is not there */
  const replace = (row: Pick<WebhookRow, 'pk' | 'sk'>, settings: WebhookSettings): Promise<boolean> =>
    change(row, settings, ['jobTypes', 'disabledSince', 'disabledBecause', 'failingSince', 'noticedAt']);

  async function remove(tenant: string, id: string): Promise<void> {
    await dynamo.send(new DeleteCommand({ ...at, Key: webhookKey(tenant, id) }));
  }

  return { get, list, create, change, replace, remove };
}

import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { MOST_SUBSCRIPTIONS } from '@spillway/shared/contracts/socket-protocol.ts';
import { batchGet } from '@spillway/shared/runtime/batch-get.ts';
import { ifPossible } from '@spillway/shared/runtime/if-possible.ts';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import {
  type ConnectionRow,
  connectionKey,
  ENDS_INDEX,
  ENDS_PARTITIONS,
  endsKeyOf,
  KEPT_AFTER_SECONDS,
  type PresenceRow,
  presenceKey,
  type SubscriptionRow,
  subscriptionKey,
} from './table.ts';
import type { Target } from './targets.ts';

/** A connection, and who may use it until when. */
export type Connection = Pick<ConnectionRow, 'id' | 'tenant' | 'apiId' | 'until'>;
export type Connections = ReturnType<typeof connections>;

/** BatchWriteItem takes 25 writes, and BatchGetItem 100 keys. */
const WRITES_A_CALL = 25;
const KEYS_A_CALL = 100;
/**
 * A tenant's presence is noted in steps of this length, so that it is written about once in a step and not for each of
 * thousands of connections: a single row takes 1,000 writes a second.
 */
const PRESENCE_STEP_SECONDS = 900;
/** More than any token lives, so that TTL removes no presence that still counts. */
const PRESENCE_KEPT_SECONDS = 2 * 24 * 3600;

/** The connections of the socket and their subscriptions. Only this file and table.ts know their table. */
export function connections(dynamo: DynamoDBDocumentClient, table: string) {
  const at = { TableName: table };

  async function open(connection: Connection): Promise<void> {
    const { id, until } = connection;
    const row: ConnectionRow = {
      ...connectionKey(id),
      ...connection,
      endsKey: endsKeyOf(id),
      expiresAt: until + KEPT_AFTER_SECONDS,
    };
    await dynamo.send(new PutCommand({ ...at, Item: row }));
  }

  async function find(id: string): Promise<Connection | undefined> {
    const { Item } = await dynamo.send(new GetCommand({ ...at, Key: connectionKey(id), ConsistentRead: true }));
    return Item as ConnectionRow | undefined;
  }

  /** @returns whether it has room for the subscription; a subscription that it has already needs none */
  async function subscribe(connection: Connection, target: Target): Promise<boolean> {
    const { id, until } = connection;
    const hasRoom = await ifPossible(
      dynamo.send(
        new UpdateCommand({
          ...at,
          Key: connectionKey(id),
          UpdateExpression: 'ADD targets :one',
          ConditionExpression:
            'attribute_exists(pk) AND (attribute_not_exists(targets) OR size(targets) < :most OR contains(targets, :key))',
          ExpressionAttributeValues: { ':one': new Set([target.key]), ':key': target.key, ':most': MOST_SUBSCRIPTIONS },
        }),
      ),
    );
    if (!hasRoom) return false;
    await notePresence(connection, target);
    const row: SubscriptionRow = {
      ...subscriptionKey(target.key, id),
      id,
      until,
      expiresAt: until + KEPT_AFTER_SECONDS,
    };
    await dynamo.send(new PutCommand({ ...at, Item: row }));
    return true;
  }

  /** Before a subscription, so that nobody finds the one without the other. */
  async function notePresence({ tenant, apiId, until }: Connection, { kind }: Target): Promise<void> {
    const { Item } = await dynamo.send(new GetCommand({ ...at, Key: presenceKey(tenant), ConsistentRead: true }));
    const presence = Item as PresenceRow | undefined;
    if ((presence?.[kind] ?? 0) >= until && presence?.apiId === apiId) return;
    const step = Math.ceil(until / PRESENCE_STEP_SECONDS) * PRESENCE_STEP_SECONDS;
    await ifPossible(
      dynamo.send(
        new UpdateCommand({
          ...at,
          Key: presenceKey(tenant),
          UpdateExpression: 'SET #kind = :step, apiId = :apiId, expiresAt = :expiresAt',
          // a connection that lasts longer may have noted its own meanwhile
          ConditionExpression: 'attribute_not_exists(#kind) OR #kind < :step OR apiId <> :apiId',
          ExpressionAttributeNames: { '#kind': kind },
          ExpressionAttributeValues: { ':step': step, ':apiId': apiId, ':expiresAt': step + PRESENCE_KEPT_SECONDS },
        }),
      ),
    );
  }

  async function unsubscribe({ id }: Connection, target: Target): Promise<void> {
    await dynamo.send(new DeleteCommand({ ...at, Key: subscriptionKey(target.key, id) }));
    await ifPossible(
      dynamo.send(
        new UpdateCommand({
          ...at,
          Key: connectionKey(id),
          UpdateExpression: 'DELETE targets :one',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':one': new Set([target.key]) },
        }),
      ),
    );
  }

  /** Forgets a connection and its subscriptions. @param further keys of subscriptions that it may have beside those */
  async function close(id: string, further: readonly string[] = [], abortSignal?: AbortSignal): Promise<void> {
    const until = abortSignal && { abortSignal };
    const forget = new DeleteCommand({ ...at, Key: connectionKey(id), ReturnValues: 'ALL_OLD' });
    const { Attributes } = await dynamo.send(forget, until);
    const keys = new Set([...((Attributes as ConnectionRow | undefined)?.targets ?? []), ...further]);
    const deletes = [...keys].map((key) => ({ DeleteRequest: { Key: subscriptionKey(key, id) } }));
    for (const part of partsOf(deletes, WRITES_A_CALL)) {
      const RequestItems = { [table]: part };
      // what is not processed is found again by a push, or removed by TTL
      await dynamo.send(new BatchWriteCommand({ RequestItems }), until);
    }
  }

  /** The presence of those tenants that have had a subscription, by tenant. @throws Error if DynamoDB does not process all keys */
  async function presences(tenants: readonly string[], abortSignal?: AbortSignal): Promise<Map<string, PresenceRow>> {
    const found = new Map<string, PresenceRow>();
    for (const part of partsOf(tenants, KEYS_A_CALL)) {
      const Keys = part.map(presenceKey);
      const rows = await batchGet(dynamo, table, Keys, { ConsistentRead: true }, abortSignal);
      for (const row of rows as PresenceRow[]) found.set(row.pk.slice('tenant#'.length), row);
    }
    return found;
  }

  /**
   * The ids of the connections that are subscribed to a target and whose access has not ended.
   *
   * @param most how many to find; by default all
   * @param part only those of one part
   */
  async function subscribers(
    target: string,
    now: Date,
    { most, part = '', abortSignal }: { most?: number; part?: string; abortSignal?: AbortSignal } = {},
  ): Promise<string[]> {
    const ids: string[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await dynamo.send(
        new QueryCommand({
          ...at,
          KeyConditionExpression: part ? 'pk = :pk AND begins_with(sk, :part)' : 'pk = :pk',
          ExpressionAttributeValues: { ':pk': target, ...(part && { ':part': part }) },
          ConsistentRead: true,
          ...(most !== undefined && { Limit: most }),
          ...(start && { ExclusiveStartKey: start }),
        }),
        abortSignal && { abortSignal },
      );
      ids.push(...(Items as SubscriptionRow[]).filter(({ until }) => until * 1000 > now.getTime()).map(({ id }) => id));
      start = LastEvaluatedKey;
    } while (start && (most === undefined || ids.length < most));
    return ids;
  }

  /** The connections whose access has ended, those that ended first at the front. @param most of each partition */
  async function ended(now: Date, most: number): Promise<Connection[]> {
    const found = ENDS_PARTITIONS.map(async (partition) => {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          ...at,
          IndexName: ENDS_INDEX,
          KeyConditionExpression: 'endsKey = :partition AND #until <= :now',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':partition': partition, ':now': Math.floor(now.getTime() / 1000) },
          Limit: most,
        }),
      );
      return Items as Connection[];
    });
    return (await Promise.all(found)).flat();
  }

  return { open, find, subscribe, unsubscribe, close, presences, subscribers, ended };
}

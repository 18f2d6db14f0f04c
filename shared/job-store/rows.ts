import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** BatchGetItem takes at most 100 keys: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const KEYS_A_CALL = 100;
/** How often keys that DynamoDB did not process are asked for again. The wait doubles from 20 ms. */
const TRIES = 6;
const FIRST_WAIT_MS = 20;

/**
 * Reads some attributes of up to 100 rows, in the order of the keys, without rows that have expired.
 *
 * @param consistent whether the rows are as of now, which costs twice as much
 * @throws Error if DynamoDB does not process all keys in time, which it may refuse under load
 */
export async function readRows<Row extends object, Name extends keyof Row & string>(
  dynamo: DynamoDBDocumentClient,
  table: string,
  entries: readonly { pk: string }[],
  attributes: readonly Name[],
  consistent = false,
): Promise<Pick<Row, Name>[]> {
  const rows = new Map<string, Pick<Row, Name>>();
  const names = [...new Set(['pk', ...attributes])];
  let keys: Record<string, unknown>[] = entries.map(({ pk }) => ({ pk }));
  for (let tries = 0; keys.length > 0; tries += 1) {
    if (tries === TRIES) throw new Error(`DynamoDB did not process ${keys.length} keys of a list in ${TRIES} tries`);
    if (tries > 0) await sleep(FIRST_WAIT_MS * 2 ** (tries - 1));
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetCommand({
        RequestItems: {
          [table]: {
            Keys: keys,
            ConsistentRead: consistent,
            ProjectionExpression: names.map((name) => `#${name}`).join(', '),
            ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
        },
      }),
    );
    for (const row of Responses?.[table] ?? []) rows.set(row.pk, row as Pick<Row, Name>);
    keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return entries.flatMap(({ pk }) => rows.get(pk) ?? []);
}

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../runtime/batch-get.ts';

/** BatchGetItem takes at most 100 keys: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export const KEYS_A_CALL = 100;

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
  const names = [...new Set(['pk', ...attributes])];
  const found = await batchGet(
    dynamo,
    table,
    entries.map(({ pk }) => ({ pk })),
    {
      ConsistentRead: consistent,
      ProjectionExpression: names.map((name) => `#${name}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    },
  );
  const rows = new Map(found.map((row) => [row.pk, row as Pick<Row, Name>]));
  return entries.flatMap(({ pk }) => rows.get(pk) ?? []);
}

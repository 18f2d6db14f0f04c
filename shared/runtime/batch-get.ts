import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type BatchGetCommandInput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** How often keys that DynamoDB did not process are asked for again. The wait doubles from 20 ms. */
const TRIES = 6;
const FIRST_WAIT_MS = 20;

type Keys = Record<string, unknown>[];
type Options = Omit<NonNullable<BatchGetCommandInput['RequestItems']>[string], 'Keys'>;

/**
 * Reads rows, in no particular order. Those that do not exist are left out.
 *
 * @param wanted up to 100 keys: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 * @throws Error if DynamoDB does not process all keys in time, which it may refuse under load, or once the signal is aborted
 */
export async function batchGet(
  dynamo: DynamoDBDocumentClient,
  table: string,
  wanted: Keys,
  options: Options,
  abortSignal?: AbortSignal,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let keys = wanted;
  for (let tries = 0; keys.length > 0; tries += 1) {
    if (tries === TRIES) throw new Error(`DynamoDB did not process ${keys.length} keys of ${table} in ${TRIES} tries`);
    if (tries > 0) await sleep(FIRST_WAIT_MS * 2 ** (tries - 1), undefined, { signal: abortSignal });
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { ...options, Keys: keys } } }),
      abortSignal && { abortSignal },
    );
    rows.push(...(Responses?.[table] ?? []));
    keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return rows;
}

import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ifPossible } from '@spillway/shared/runtime/if-possible.ts';
import { type ConnectionRow, connectionKey } from './table.ts';

/** A lock that was not released ends when its function has certainly ended: it has 28 s. */
export const LOCK_MS = 30_000;

export type CatchUpLocks = ReturnType<typeof catchUpLocks>;

const UNTIL = 'catchingUpUntil' satisfies keyof ConnectionRow;

/**
 * Lets each connection catch up with many jobs once at a time. A catch-up keeps an instance of its function for up to 20 s, and
 * all functions of the account share its concurrency.
 */
export function catchUpLocks(dynamo: DynamoDBDocumentClient, table: string) {
  /** @returns whether the condition held */
  const update = (id: string, expression: string, condition: string, values: Record<string, number>) =>
    ifPossible(
      dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: connectionKey(id),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );

  return {
    /**
     * Does something while it holds a connection's lock.
     *
     * @returns whether it did: not if the connection catches up already, or has been forgotten
     */
    async holding(id: string, now: Date, run: () => Promise<void>): Promise<boolean> {
      const until = now.getTime() + LOCK_MS;
      const free = `attribute_exists(pk) AND (attribute_not_exists(${UNTIL}) OR ${UNTIL} <= :now)`;
      if (!(await update(id, `SET ${UNTIL} = :until`, free, { ':until': until, ':now': now.getTime() }))) return false;
      try {
        await run();
      } finally {
        await update(id, `REMOVE ${UNTIL}`, `${UNTIL} = :until`, { ':until': until });
      }
      return true;
    },
  };
}

import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Posting } from './posting.ts';

/**
 * A balance is at most this many minor units above or below zero. DynamoDB counts up to 38 digits, but beyond this limit a
 * balance that is read as a JavaScript number would no longer be exact.
 */
export const LARGEST_BALANCE = Number.MAX_SAFE_INTEGER;

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The keys of the ledger's items. The tenant comes first, so no choice of names can reach another tenant's items. */
export const postingKey = ({ tenant, postingId }: Pick<Posting, 'tenant' | 'postingId'>) => ({
  pk: `${tenant}#posting#${postingId}`,
});
export const balanceKey = (tenant: string, currency: string, account: string) => ({
  pk: `${tenant}#balance#${currency}#${account}`,
});

/** The single transaction of a posting: first the posting, if it does not exist yet, then the balance of each line. */
export function transactionOf(posting: Posting, table: string): Write[] {
  return [
    {
      Put: {
        TableName: table,
        Item: { ...postingKey(posting), ...posting },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...posting.lines.map((line) => balanceUpdate(posting, line, table)),
  ];
}

function balanceUpdate(
  { tenant, currency }: Posting,
  { account, amount }: Posting['lines'][number],
  table: string,
): Write {
  return {
    Update: {
      TableName: table,
      Key: balanceKey(tenant, currency, account),
      UpdateExpression: 'SET tenant = :tenant, currency = :currency, account = :account ADD balance :amount',
      ConditionExpression: `attribute_not_exists(pk) OR balance ${amount > 0 ? '<=' : '>='} :furthest`,
      ExpressionAttributeValues: {
        ':tenant': tenant,
        ':currency': currency,
        ':account': account,
        ':amount': amount,
        // the furthest balance to which the amount can be added without exceeding the limit
        ':furthest': Math.sign(amount) * LARGEST_BALANCE - amount,
      },
    },
  };
}

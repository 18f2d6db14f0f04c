import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Posting } from './posting.ts';

/**
 * A balance is at most this many minor units, above or below zero: DynamoDB would count on to 38 digits, but whoever reads
 * a balance as a JavaScript number would then read another one.
 */
export const LARGEST_BALANCE = Number.MAX_SAFE_INTEGER;

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The keys of the ledger's items, tenant first: no choice of names reaches another tenant's. */
export const postingKey = ({ tenant, postingId }: Pick<Posting, 'tenant' | 'postingId'>) => ({
  pk: `${tenant}#posting#${postingId}`,
});
export const balanceKey = (tenant: string, currency: string, account: string) => ({
  pk: `${tenant}#balance#${currency}#${account}`,
});

/** The one transaction of a posting: the posting first, if it is not there yet, then a balance for each line. */
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
        // from where the amount still leads to a balance within its limits
        ':furthest': Math.sign(amount) * LARGEST_BALANCE - amount,
      },
    },
  };
}

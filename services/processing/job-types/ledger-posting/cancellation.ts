import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { Posting } from './posting.ts';
import { LARGEST_BALANCE } from './transaction.ts';

/** Others were writing to the same accounts, or too much was written at once. Nothing was posted; trying again helps. */
export class LedgerBusyError extends Error {
  override readonly name = 'LedgerBusyError';
  readonly code = 'LEDGER_BUSY';
}

const refused = ({ Code }: CancellationReason) => Code === 'ConditionalCheckFailed';
const harmless = ({ Code }: CancellationReason) => Code === undefined || Code === 'None';

/**
 * Finds out why DynamoDB cancelled a posting's transaction. A cancelled transaction writes nothing
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
 *
 * @param reasons one for each write of `transactionOf`, in the same order
 * @returns the existing posting, if an earlier attempt has written it
 * @throws PermanentJobError if a balance would exceed its limit; LedgerBusyError in all other cases
 */
export function readCancellation(posting: Posting, reasons: readonly CancellationReason[]): Posting {
  const [own, ...balances] = reasons;
  if (own && refused(own)) return unmarshall(own.Item ?? {}) as Posting;
  // only without other reasons: a conflict does not reveal whether the posting exists already
  if (reasons.every((reason) => refused(reason) || harmless(reason))) {
    const full = posting.lines.filter((_, index) => balances[index] && refused(balances[index]));
    if (full.length > 0) throw balanceLimit(full.map(({ account }) => account));
  }
  const codes = new Set(reasons.filter((reason) => !harmless(reason)).map(({ Code }) => Code));
  throw new LedgerBusyError(
    `the ledger could not accept the posting now: ${[...codes].join(', ') || 'no reason given'}`,
  );
}

const balanceLimit = (accounts: string[]) =>
  new PermanentJobError(
    'BALANCE_LIMIT',
    `a balance may be at most ${LARGEST_BALANCE} above or below zero: post less to ${accounts.join(', ')}`,
  );

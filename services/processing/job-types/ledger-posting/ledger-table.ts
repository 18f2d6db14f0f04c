import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { readCancellation } from './cancellation.ts';
import type { Posting } from './posting.ts';
import { transactionOf } from './transaction.ts';

/** Where postings are kept. */
export interface Ledger {
  /**
   * Writes a posting with its balances, all or nothing.
   *
   * @returns the posting as it stands in the ledger: this one, or the one that an earlier attempt wrote
   * @throws LedgerBusyError if trying again helps; PermanentJobError if a balance would leave its limits
   */
  write(posting: Posting, signal: AbortSignal): Promise<Posting>;
}

/**
 * The ledger in its DynamoDB table. A posting is written once because its key is taken after that. A request token would
 * forget after ten minutes, and would refuse a later attempt for its other time; so we set none, and the SDK's own, new
 * for each call, only covers the call's retries.
 */
export const ledgerTable = (dynamo: DynamoDBDocumentClient, table: string): Ledger => ({
  async write(posting, signal) {
    try {
      const TransactItems = transactionOf(posting, table);
      await dynamo.send(new TransactWriteCommand({ TransactItems }), { abortSignal: signal });
      return posting;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return readCancellation(posting, error.CancellationReasons ?? []);
    }
  },
});

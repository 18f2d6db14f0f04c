import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { readCancellation } from './cancellation.ts';
import type { Posting } from './posting.ts';
import { transactionOf } from './transaction.ts';

/** Where postings are kept. */
export interface Ledger {
  /**
   * Writes a posting and its balances, all or nothing.
   *
   * @returns the posting as the ledger has it: this one, or the one that an earlier attempt wrote
   * @throws LedgerBusyError if trying again helps; PermanentJobError if a balance would exceed its limit
   */
  write(posting: Posting, signal: AbortSignal): Promise<Posting>;
}

/**
 * The ledger in its DynamoDB table. A posting is written only once, because its key is then taken. We set no client request
 * token: it would expire after ten minutes, and it would reject a later attempt, whose posting has a different time. The
 * SDK sets its own, new for each call, so it covers only the retries of that call.
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

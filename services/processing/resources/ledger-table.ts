import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/**
 * The job type ledger-posting's own: postings, and a balance for each tenant, currency and account. Its keys and conditions are
 * in job-types/ledger-posting/transaction.ts alone. Each key has one item, so no partition is hotter than one account (1,000
 * write units a second, so 500 postings to it).
 */
export const ledgerTable: Stack = {
  Resources: { LedgerTable: onDemandTable('spillway-${sls:stage}-ledger') },
  Outputs: { LedgerTableName: { Value: ref('LedgerTable') } },
};

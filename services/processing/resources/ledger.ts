import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/**
 * The table of the job type ledger-posting: postings, and a balance for each tenant, currency and account. Only
 * job-types/ledger-posting/transaction.ts knows its keys and conditions. Each key has one item, so no partition is hotter
 * than a single account, which takes 500 postings a second (1,000 write units).
 */
export const ledger: Stack = {
  Resources: { LedgerTable: onDemandTable('${self:custom.ledgerTable}') },
  Outputs: { LedgerTableName: { Value: ref('LedgerTable') } },
};

// Written by "npm run spillway -- new job-type". A test compares it with the contracts.

/** The job types by their names in the client. */
export const JOB_TYPES = {
  bulkSubmit: 'bulk-submit',
  csvImport: 'csv-import',
  documentApproval: 'document-approval',
  invoiceRender: 'invoice-render',
  ledgerPosting: 'ledger-posting',
  orderFulfilment: 'order-fulfilment',
  webhookDelivery: 'webhook-delivery',
} as const;

/** Those with an ordered lane. */
export const ORDERED: readonly string[] = ['ledger-posting'];

/** Their contracts. Only types: no contract is loaded. */
export interface Contracts {
  bulkSubmit: typeof import('@spillway/shared/contracts/jobs/bulk-submit.ts').default;
  csvImport: typeof import('@spillway/shared/contracts/jobs/csv-import.ts').default;
  documentApproval: typeof import('@spillway/shared/contracts/jobs/document-approval.ts').default;
  invoiceRender: typeof import('@spillway/shared/contracts/jobs/invoice-render.ts').default;
  ledgerPosting: typeof import('@spillway/shared/contracts/jobs/ledger-posting.ts').default;
  orderFulfilment: typeof import('@spillway/shared/contracts/jobs/order-fulfilment.ts').default;
  webhookDelivery: typeof import('@spillway/shared/contracts/jobs/webhook-delivery.ts').default;
}

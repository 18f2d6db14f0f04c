import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/** The table of the job type document-approval: a row per document. */
export const documents: Stack = {
  Resources: { DocumentsTable: onDemandTable('${self:custom.documentsTable}') },
  Outputs: { DocumentsTableName: { Value: ref('DocumentsTable') } },
};

import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/** A row for each failure that somebody must look at. Its key is the event's id, so that an event that comes twice opens one. */
export const cases: Stack = {
  Resources: { CasesTable: onDemandTable('spillway-${sls:stage}-example-cases') },
  Outputs: { CasesTableName: { Value: ref('CasesTable') } },
};

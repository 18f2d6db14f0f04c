import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { durable } from '@spillway/shared/runtime/workflow/durable.ts';

export const handler = durable(documentApproval);

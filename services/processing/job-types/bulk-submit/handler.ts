import bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import { durable } from '@spillway/shared/runtime/workflow/durable.ts';

export const handler = durable(bulkSubmit);

import misbehavingWorkflow from '@spillway/shared/contracts/jobs/misbehaving-workflow.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { workflow } from '@spillway/shared/runtime/workflow/workflow.ts';

export const handler = consumer(misbehavingWorkflow, workflow(misbehavingWorkflow));

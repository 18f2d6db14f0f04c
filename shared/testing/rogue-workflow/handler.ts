import rogueWorkflow from '@spillway/shared/contracts/jobs/rogue-workflow.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { workflow } from '@spillway/shared/runtime/workflow/workflow.ts';

export const handler = consumer(rogueWorkflow, workflow(rogueWorkflow));

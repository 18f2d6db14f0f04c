import rogueWorkflow from '@spillway/shared/contracts/jobs/rogue-workflow.ts';
import { consumer } from '@spillway/shared/runtime/consumer.ts';
import { workflow } from '@spillway/shared/runtime/workflow.ts';

export const handler = consumer(rogueWorkflow, workflow(rogueWorkflow));

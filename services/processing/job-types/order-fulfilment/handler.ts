import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { workflow } from '@spillway/shared/runtime/workflow/workflow.ts';

export const handler = consumer(orderFulfilment, workflow(orderFulfilment));

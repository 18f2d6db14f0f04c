import stoppingOrdered from '@spillway/shared/contracts/jobs/stopping-ordered.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from '../misbehaving/run.ts';

export const handler = consumer(stoppingOrdered, run);

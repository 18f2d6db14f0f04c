import rogue from '@spillway/shared/contracts/jobs/rogue.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(rogue, run);

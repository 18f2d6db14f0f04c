import rogueOrdered from '@spillway/shared/contracts/jobs/rogue-ordered.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from '../rogue/run.ts';

export const handler = consumer(rogueOrdered, run);

import misbehavingOrdered from '@spillway/shared/contracts/jobs/misbehaving-ordered.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from '../misbehaving/run.ts';

export const handler = consumer(misbehavingOrdered, run);

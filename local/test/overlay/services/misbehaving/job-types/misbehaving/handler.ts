import misbehaving from '@spillway/shared/contracts/jobs/misbehaving.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(misbehaving, run);

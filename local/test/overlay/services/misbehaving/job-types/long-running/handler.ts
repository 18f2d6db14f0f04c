import longRunning from '@spillway/shared/contracts/jobs/long-running.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(longRunning, run);

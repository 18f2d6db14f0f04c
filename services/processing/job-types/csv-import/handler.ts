import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(csvImport, run);

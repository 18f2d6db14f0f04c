import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { consumer } from '@spillway/shared/runtime/consumer.ts';
import { run } from './run.ts';

export const handler = consumer(csvImport, run);

import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

export default defineJobType({
  name: 'long-running',
  service: 'misbehaving',
  summary: 'Runs until it is cancelled.',
  input: z.strictObject({
    behave: z.enum([
      'succeed',
      /** Throws when its signal aborts. */
      'stop',
      /** Returns a result when its signal aborts. */
      'return-late',
      /** Runs until its time is up. */
      'ignore',
    ]),
  }),
  result: z.strictObject({ ranMs: z.int() }),
  example: { input: { behave: 'succeed' }, result: { ranMs: 0 } },
  // longer than a running job needs to see that it was cancelled
  timeoutSeconds: 12,
  maxAttempts: 2,
  maxConcurrency: 4,
  batchSize: 1,
});

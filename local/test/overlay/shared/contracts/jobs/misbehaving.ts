import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

/** Everything that job code can do wrong, on request. */
export const Behaviour = z.enum([
  'succeed',
  'sleep',
  'fail-once',
  'fail-once-and-wait',
  'fail-always',
  'fail-permanently',
  'fail-until-replayed',
  'throw-a-string',
  'never-return',
  'spin',
  'exhaust-memory',
  'exit-once',
  'exit-always',
  'exit-then-fail',
  'return-nonsense',
  'return-much',
  'return-very-much',
  'log-a-megabyte',
  'report-progress',
]);

export const Result = z.strictObject({ attempt: z.int(), filler: z.optional(z.string()) });

export default defineJobType({
  name: 'misbehaving',
  service: 'misbehaving',
  summary: 'Misbehaves on request, so that the tests can check that other jobs are not affected.',
  input: z.strictObject({ behave: Behaviour, note: z.optional(z.string().check(z.maxLength(100))) }),
  result: Result,
  example: { input: { behave: 'succeed' }, result: { attempt: 1 } },
  // so that a test sees them on the bus
  events: 'all',
  // short, so that the tests need not wait long for what hangs or crashes
  timeoutSeconds: 2,
  maxAttempts: 2,
  maxConcurrency: 4,
  batchSize: 2,
});

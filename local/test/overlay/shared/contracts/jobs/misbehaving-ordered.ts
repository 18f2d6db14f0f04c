import * as z from 'zod/mini';
import { defineJobType, ORDER_KEY } from '../job-type.ts';
import { Behaviour, Result } from './misbehaving.ts';

/** What the job types that misbehave in the order of a key have in common. */
export const ordered = {
  service: 'misbehaving',
  input: z.strictObject({ key: z.string().check(z.regex(ORDER_KEY)), behave: Behaviour }),
  result: Result,
  example: { input: { key: 'a', behave: 'succeed' as const }, result: { attempt: 1 } },
  // short, so that the tests need not wait long for what hangs or crashes
  timeoutSeconds: 2,
  maxAttempts: 2,
  maxConcurrency: 4,
};

export default defineJobType({
  ...ordered,
  name: 'misbehaving-ordered',
  summary: 'Misbehaves on request, in the order of a key.',
  lane: { kind: 'ordered', orderKey: 'key' },
  // so that a key's jobs come in one batch and in several
  batchSize: 3,
});

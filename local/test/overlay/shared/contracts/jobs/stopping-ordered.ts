import * as z from 'zod/mini';
import { defineJobType, ORDER_KEY } from '../job-type.ts';
import { Behaviour, Result } from './misbehaving.ts';

export default defineJobType({
  name: 'stopping-ordered',
  service: 'misbehaving',
  summary: 'Misbehaves on request, in the order of a key, which stops when one of its jobs has failed.',
  lane: { kind: 'ordered', orderKey: 'key', onFailure: 'stop' },
  input: z.strictObject({ key: z.string().check(z.regex(ORDER_KEY)), behave: Behaviour }),
  result: Result,
  example: { input: { key: 'a', behave: 'succeed' }, result: { attempt: 1 } },
  // short, so that the tests need not wait long for what crashes
  timeoutSeconds: 2,
  maxAttempts: 2,
  maxConcurrency: 4,
  // so that a key's jobs come in one batch and in several
  batchSize: 2,
});

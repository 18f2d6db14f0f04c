import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

/** Everything that a workflow's step can do wrong, on request. */
const Input = z.strictObject({
  behave: z.enum([
    'succeed',
    'fail-once',
    'fail-always',
    'fail-permanently',
    'throw-a-string',
    'exit',
    'hang',
    'hang-once',
    'return-nonsense',
  ]),
});

export default defineJobType({
  name: 'misbehaving-workflow',
  service: 'misbehaving',
  summary: 'A workflow whose step misbehaves on request.',
  run: 'express',
  input: Input,
  result: z.strictObject({ attempt: z.int(), traceId: z.string() }),
  example: { input: { behave: 'succeed' }, result: { attempt: 1, traceId: '8a6d0f3e4b524a0e9c3c5d1f2a7b6e90' } },
  // short, so that the tests need not wait long for what hangs; the workflow has two of them
  timeoutSeconds: 5,
  maxAttempts: 2,
  maxConcurrency: 2,
});

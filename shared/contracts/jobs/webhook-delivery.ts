import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

const Input = z.strictObject({
  /** Where to deliver; HTTPS on a public address, unless the stage allows others. */
  url: z.url({ protocol: /^https?$/ }).check(z.maxLength(2000)),
  /**
   * The signing secret by the Standard Webhooks spec: `whsec_` and 24 to 64 bytes in base64. It travels with the job and
   * is in the archive's record of a failed one.
   */
  secret: z.string().check(z.regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/)),
  /** What is delivered, as JSON. */
  payload: z.record(z.string(), z.unknown()),
});

const Result = z.strictObject({
  /** The receiver's 2xx. */
  status: z.int().check(z.gte(200), z.lte(299)),
  durationMs: z.int().check(z.nonnegative()),
});

export default defineJobType({
  name: 'webhook-delivery',
  service: 'processing',
  summary: 'Delivers a signed webhook, and again until it is taken.',
  input: Input,
  result: Result,
  example: {
    input: {
      url: 'https://example.com/hooks/orders',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      payload: { type: 'order.paid', data: { orderId: 'order-1001', amount: 4200 } },
    },
    result: { status: 204, durationMs: 83 },
  },
  // the spec recommends 15 to 30 s of patience with receivers
  timeoutSeconds: 15,
  // with the backoff of 2, 4, 8 … s: about eight minutes of trying; a Retry-After stretches it
  maxAttempts: 9,
  maxConcurrency: 20,
  // deliveries only wait
  batchSize: 10,
  batchRuns: 'together',
});

import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';

const Input = z.strictObject({
  /** Where to deliver: an HTTPS URL on a public address, unless the stage allows others. */
  // the front door knows no format, but checks the pattern
  url: z.url({ protocol: /^https?$/ }).check(z.regex(/^[Hh][Tt][Tt][Pp][Ss]?:/), z.maxLength(2000)),
  /**
   * The signing secret of the Standard Webhooks spec: `whsec_` and 24 to 64 bytes in base64. It is part of the job, and
   * of the archive record of a failed job.
   */
  secret: z.string().check(z.regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/)),
  /** The body to deliver, as JSON. */
  payload: z.record(z.string(), z.unknown()),
});

const Result = z.strictObject({
  /** The receiver's 2xx status. */
  status: z.int().check(z.gte(200), z.lte(299)),
  durationMs: z.int().check(z.nonnegative()),
});

export default defineJobType({
  name: 'webhook-delivery',
  service: 'processing',
  summary: 'Delivers a signed webhook and retries until the receiver accepts it.',
  description: [
    'The receiver gets the bytes of `payload` as they were submitted, signed by the Standard Webhooks spec.',
    'It accepts the webhook with any 2xx status within 15 s. A redirect or a 410 fails the job at once; any other answer, and none, is tried again.',
    'There are nine tries within about eight minutes. A `Retry-After` of the receiver replaces the next wait, but for at most 900 seconds.',
    'The same webhook can arrive more than once, always with the same `webhook-id`.',
  ].join(' '),
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
  // the spec recommends to wait 15 to 30 s for a receiver
  timeoutSeconds: 15,
  // with the backoff of 2, 4, 8 … s it tries for about eight minutes; a Retry-After extends this
  maxAttempts: 9,
  maxConcurrency: 20,
  // deliveries only wait
  batchSize: 10,
  batchRuns: 'together',
});

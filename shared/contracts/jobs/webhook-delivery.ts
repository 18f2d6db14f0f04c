import * as z from 'zod/mini';
import { defineJobType } from '../job-type.ts';
import { LONGEST_WEBHOOK_URL, WEBHOOK_ID } from '../webhooks.ts';

/** How long a receiver may take, in seconds. The spec recommends 15 to 30. */
export const LONGEST_ANSWER_SECONDS = 15;

const Fields = z.strictObject({
  /** The id of one of the tenant's webhooks, which has the URL and the secret. Send it instead of the two. */
  webhook: z.optional(z.string().check(z.regex(WEBHOOK_ID))),
  /** Where to deliver: an HTTPS URL on a public address, unless the stage allows others. */
  // the front door knows no format, but checks the pattern
  url: z.optional(
    z.url({ protocol: /^https?$/ }).check(z.regex(/^[Hh][Tt][Tt][Pp][Ss]?:/), z.maxLength(LONGEST_WEBHOOK_URL)),
  ),
  /**
   * The signing secret of the Standard Webhooks spec: `whsec_` and 24 to 64 bytes in base64. It is part of the job, and
   * of the archive record of a failed job.
   */
  secret: z.optional(z.string().check(z.regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/))),
  /** The body to deliver, as JSON. */
  payload: z.record(z.string(), z.unknown()),
});

/** The front door checks by the schema what must be there, the consumer by the refinement also what must not. */
const Input = Fields.check(
  z.refine(
    ({ webhook, url, secret }) =>
      webhook === undefined ? url !== undefined && secret !== undefined : url === undefined && secret === undefined,
    { error: 'send either url and secret, or webhook, the id of a webhook that has both' },
  ),
  z.meta({ oneOf: [{ required: ['url', 'secret'] }, { required: ['webhook'] }] }),
);

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
    `It accepts the webhook with any 2xx status within ${LONGEST_ANSWER_SECONDS} s. A redirect or a 410 fails the job at once; any other answer, and none, is tried again.`,
    'There are nine tries within about eight minutes. A `Retry-After` of the receiver replaces the next wait, but for at most 900 seconds.',
    'The same webhook can arrive more than once, always with the same `webhook-id`.',
    'With `webhook` instead of `url` and `secret`, it goes to one of your webhooks, as the events of jobs do.',
  ].join(' '),
  input: Input,
  // the delivery log of a webhook
  searchKeys: ['webhook'],
  result: Result,
  example: {
    input: {
      url: 'https://example.com/hooks/orders',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      payload: { type: 'order.paid', data: { orderId: 'order-1001', amount: 4200 } },
    },
    result: { status: 204, durationMs: 83 },
  },
  // time to read the webhook and its secrets, and to note how the delivery went
  timeoutSeconds: LONGEST_ANSWER_SECONDS + 5,
  // with the backoff of 2, 4, 8 … s it tries for about eight minutes; a Retry-After extends this
  maxAttempts: 9,
  maxConcurrency: 20,
  // deliveries only wait
  batchSize: 10,
  batchRuns: 'together',
});

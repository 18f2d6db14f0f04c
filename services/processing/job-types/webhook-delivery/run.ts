import type { LookupAddress } from 'node:dns';
import { PermanentJobError, RetryLaterError } from '@spillway/shared/attempt/errors.ts';
import type { Job, RunOf } from '@spillway/shared/attempt/job.ts';
import type webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { type Cidr, classifyAddress } from './address.ts';
import { post, type Reply, type Target } from './post.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { signedHeaders } from './signature.ts';

export interface DeliveryTools {
  allowedCidrs: readonly Cidr[];
  /** All addresses of a host name. An IP address is returned as it is. */
  resolve(host: string): Promise<LookupAddress[]>;
}

/** Delivers a webhook once. The Standard Webhooks spec defines which responses are worth another attempt. */
export function deliver(tools: DeliveryTools): RunOf<typeof webhookDelivery> {
  return async ({ url, secret, payload }, job) => {
    const target = await resolveTarget(new URL(url), tools);
    const body = JSON.stringify(payload);
    const started = new Date();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Spillway',
      ...signedHeaders(secret, webhookId(job), started, body),
    };
    const reply = await post(target, headers, body, job.signal);
    throwIfRefused(reply, target.url.host);
    return { status: reply.status, durationMs: Date.now() - started.getTime() };
  };
}

/** The same in every attempt. 32 hex digits of the job's idempotency key are enough to be unique. */
const webhookId = (job: Job) => `msg_${job.idempotencyKey('deliver').slice(0, 32)}`;

/**
 * Finds the addresses to connect to. Every address of the host name must be permitted; otherwise the name's owner could make
 * one of them point to a private network.
 *
 * @throws PermanentJobError if one of them is not permitted
 */
async function resolveTarget(url: URL, { allowedCidrs, resolve }: DeliveryTools): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const [first, ...others] = await resolve(host);
  if (!first) throw new Error(`${host} has no address`);
  const addresses: Target['addresses'] = [first, ...others];
  const verdicts = addresses.map(({ address }) => classifyAddress(address, allowedCidrs));
  if (verdicts.includes('refused')) {
    throw new PermanentJobError(
      'ADDRESS_REFUSED',
      `${host} leads to an address that is not public: use a public address`,
    );
  }
  if (url.protocol !== 'https:' && verdicts.includes('public')) {
    throw new PermanentJobError('HTTPS_REQUIRED', `use https for a webhook to ${host}`);
  }
  return { url, addresses };
}

function throwIfRefused({ status, retryAfter }: Reply, host: string): void {
  if (status >= 200 && status < 300) return;
  const message = `${host} answered ${status}`;
  if (status === 429 || status >= 500) {
    const afterSeconds = retryAfterSeconds(retryAfter, new Date());
    if (afterSeconds !== undefined) throw new RetryLaterError(`HTTP_${status}`, message, afterSeconds);
    throw Object.assign(new Error(message), { code: `HTTP_${status}` });
  }
  // a redirect could lead anywhere, and the spec forbids following it
  const reason = status >= 300 && status < 400 ? `${message}, and redirects are not followed` : message;
  throw new PermanentJobError(`HTTP_${status}`, reason);
}

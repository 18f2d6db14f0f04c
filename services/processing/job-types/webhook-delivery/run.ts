import type { LookupAddress } from 'node:dns';
import { PermanentJobError, RetryLaterError } from '@spillway/shared/attempt/errors.ts';
import type { Job, RunOf } from '@spillway/shared/attempt/job-code.ts';
import type webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { LONGEST_ANSWER_SECONDS } from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { type Cidr, classifyAddress } from '@spillway/shared/webhooks/address.ts';
import { noteFailure, noteSuccess } from './health.ts';
import { post, type Reply, type Target } from './post.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { signedHeaders } from './signature.ts';
import { type FindTools, findWebhook } from './webhook.ts';

export interface DeliveryTools extends FindTools {
  allowedCidrs: readonly Cidr[];
  /** All addresses of a host name. An IP address is returned as it is. Gives up at the signal. */
  resolve(host: string, signal: AbortSignal): Promise<LookupAddress[]>;
}

/** Delivers a webhook once. Its body is the payload as the client wrote it, byte for byte. */
export function deliver(tools: DeliveryTools): RunOf<typeof webhookDelivery> {
  return async ({ webhook, url = '', secret = '', payload }, job) => {
    if (webhook === undefined) return send({ url, secrets: [secret] }, messageId(job), job, tools);
    const found = await findWebhook(job.tenant, webhook, payload, tools);
    const { row, secrets } = found;
    const id = eventMessageId(payload) ?? messageId(job);
    const sent = await send({ url: row.url, secrets }, id, job, tools).catch(async (error) => {
      // a job that is cancelled, or out of time, says nothing about the receiver
      throw job.signal.aborted ? error : await noteFailure(row, error, tools);
    });
    // if this fails, the receiver gets the delivery again, but it has not failed
    await noteSuccess(row, tools);
    return sent;
  };
}

/** Sends the payload once. @throws as the job is to go on */
async function send({ url, secrets }: { url: string; secrets: string[] }, id: string, job: Job, tools: DeliveryTools) {
  const target = new URL(url);
  const body = job.inputText('payload') ?? '';
  const started = tools.now();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Spillway',
    ...signedHeaders(secrets, id, started, body),
  };
  // the name servers of a receiver are a part of it
  const timeUp = AbortSignal.timeout(LONGEST_ANSWER_SECONDS * 1000);
  const signal = AbortSignal.any([job.signal, timeUp]);
  const reply = await resolveTarget(target, tools, signal)
    .then((resolved) => post(resolved, headers, body, signal))
    .catch((error) => {
      if (!timeUp.aborted || job.signal.aborted) throw error;
      const message = `${target.host} did not answer within ${LONGEST_ANSWER_SECONDS} s`;
      throw Object.assign(new Error(message), { code: 'NO_ANSWER' });
    });
  throwIfRefused(reply, target.host);
  return { status: reply.status, durationMs: tools.now().getTime() - started.getTime() };
}

/** The same in every attempt. 32 hex digits of the job's idempotency key are enough to be unique. */
const messageId = (job: Job) => `msg_${job.idempotencyKey('deliver').slice(0, 32)}`;

/**
 * The id of an event that a webhook delivers. The spec wants no full stops in it, because they separate what is signed.
 *
 * @returns undefined if the payload has none that fits
 */
function eventMessageId({ id }: Record<string, unknown>): string | undefined {
  const text = typeof id === 'string' ? id.replaceAll('.', '-') : '';
  return /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : undefined;
}

/**
 * Finds the addresses to connect to. Every address of the host name must be permitted; otherwise the name's owner could make
 * one of them point to a private network.
 *
 * @throws PermanentJobError if one of them is not permitted
 */
async function resolveTarget(url: URL, { allowedCidrs, resolve }: DeliveryTools, signal: AbortSignal): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const [first, ...others] = await resolve(host, signal);
  if (!first) throw new Error(`${host} has no address`);
  const addresses: Target['addresses'] = [first, ...others];
  const verdicts = addresses.map(({ address }) => classifyAddress(address, allowedCidrs));
  if (verdicts.includes('refused')) {
    throw new PermanentJobError(
      'ADDRESS_REFUSED',
      `${host} has an address that is not public: use a host with public addresses only`,
    );
  }
  if (url.protocol !== 'https:' && verdicts.includes('public')) {
    throw new PermanentJobError('HTTPS_REQUIRED', `use https for a webhook to ${host}`);
  }
  return { url, addresses };
}

/**
 * What a status means, by the Standard Webhooks spec
 * (https://github.com/standard-webhooks/standard-webhooks, "Delivery success and failure"), the first that fits. The
 * contract says so to clients.
 */
const MEANINGS: { from: number; to: number; means: 'delivered' | 'failed' | 'again'; because?: string }[] = [
  { from: 200, to: 299, means: 'delivered' },
  // a redirect could lead anywhere, and the job's URL stays the same
  { from: 300, to: 399, means: 'failed', because: 'and redirects are not followed: submit the new URL' },
  { from: 410, to: 410, means: 'failed', because: 'so it wants no more webhooks' },
  // also 404 and other statuses of a receiver that is being deployed or repaired
  { from: 100, to: 999, means: 'again' },
];

function throwIfRefused({ status, retryAfter }: Reply, host: string): void {
  const { means, because } = MEANINGS.find(({ from, to }) => status >= from && status <= to) ?? { means: 'again' };
  if (means === 'delivered') return;
  const code = `HTTP_${status}`;
  const message = [`${host} answered ${status}`, because].filter(Boolean).join(', ');
  if (means === 'failed') throw new PermanentJobError(code, message);
  const afterSeconds = retryAfterSeconds(retryAfter, new Date());
  if (afterSeconds !== undefined) throw new RetryLaterError(code, message, afterSeconds);
  throw Object.assign(new Error(message), { code });
}

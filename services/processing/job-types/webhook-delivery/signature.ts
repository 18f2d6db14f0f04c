import { createHmac } from 'node:crypto';

/**
 * The three headers of a signed webhook (https://github.com/standard-webhooks/standard-webhooks, "Signature scheme"):
 * HMAC-SHA256 over `id.timestamp.body` with a secret's bytes. While secrets overlap, there is a signature by each, separated by a
 * space.
 *
 * @param id the same in every attempt, so that the receiver can drop duplicates
 * @param at the time of this attempt; receivers refuse old timestamps
 */
export function signedHeaders(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000).toString();
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

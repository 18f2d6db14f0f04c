import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a webhook is genuine and new. Pass its body as it came, before it is parsed. */
export function isGenuine(secret: string, headers: Record<string, string>, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  const isNew = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const hash = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const expected = Buffer.from(`v1,${hash}`);
  // after a rotation, there is one signature by each secret
  const given = signatures.split(' ').map((each) => Buffer.from(each));
  return isNew && given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}

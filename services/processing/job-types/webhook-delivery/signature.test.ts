import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { signedHeaders } from './signature.ts';
import { isGenuine } from './testing/verify-webhook.ts';

const [old, fresh, foreign] = ['a', 'b', 'c'].map(
  (letter) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`,
) as [string, string, string];
const body = '{"type":"job.succeeded"}';
const now = new Date();

describe('the signature of a webhook', () => {
  it('can be verified with each of the secrets that overlap, by the library of the spec and by the code in the docs', () => {
    const headers = signedHeaders([fresh, old], 'event-4', now, body);
    expect(headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
    for (const secret of [old, fresh]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(isGenuine(secret, headers, body)).toBe(true);
    }
  });

  it.each([
    ['another secret', foreign, {}, body],
    ['another body', old, {}, `${body} `],
    ['another id', old, { 'webhook-id': 'event-5' }, body],
    ['no timestamp', old, { 'webhook-timestamp': '' }, body],
    ['no signature', old, { 'webhook-signature': '' }, body],
  ])('is refused with %s by the library of the spec and by the code in the docs', (_, secret, changed, text) => {
    const headers = { ...signedHeaders([old], 'event-4', now, body), ...changed };
    expect(() => new Webhook(secret).verify(text, headers)).toThrow();
    expect(isGenuine(secret, headers, text)).toBe(false);
  });

  it('is refused after five minutes', () => {
    const headers = signedHeaders([old], 'event-4', new Date(now.getTime() - 301_000), body);
    expect(isGenuine(old, headers, body)).toBe(false);
  });

  it('the docs show the code that these tests run', () => {
    const docs = readFileSync(join(__dirname, '../../../../docs/webhooks.md'), 'utf8');
    const [, example] = /```ts\n(.*?)```/s.exec(docs) ?? [];
    expect(example).toBe(readFileSync(join(__dirname, 'testing/verify-webhook.ts'), 'utf8'));
  });
});

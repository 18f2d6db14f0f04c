import { MOST_WEBHOOKS } from '@spillway/shared/contracts/webhooks.ts';
import { readCidrs } from '@spillway/shared/webhooks/address.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { putWebhook } from './put-webhook.ts';

const now = new Date('2026-11-27T12:00:00.000Z');
const url = 'https://example.com/hook';

/** A put while a tenant has so many webhooks, and a request that may be faster. */
function put(body: object, { others = 0, isFirst = true, meanwhile = 0 } = {}) {
  const removed: string[] = [];
  const there = { pk: 't', sk: 'crm', url, events: [] } as unknown as WebhookRow;
  let reads = 0;
  let count = others;
  const answer = putWebhook(
    { tenant: 't', id: 'crm', body: JSON.stringify(body), stagePath: '/dev' },
    {
      store: {
        get: async () => {
          reads += 1;
          return reads > 1 ? there : undefined;
        },
        list: async () => Array.from({ length: count }, () => there),
        create: async () => {
          count += meanwhile + 1;
          return isFirst;
        },
        replace: async () => true,
        remove: async (_, id) => void removed.push(id),
      },
      secrets: {
        create: async () => ({ secretName: 'mine', secretVersion: 'v1', secret: 'whsec_x' }),
        remove: async ({ secretName }) => void removed.push(secretName),
      },
      allowedCidrs: readCidrs('127.0.0.0/8'),
      now: () => now,
    },
  );
  return { answer, removed };
}

describe('a webhook that is put', () => {
  it('is the last one that its tenant may have', async () => {
    expect((await put({ url }, { others: MOST_WEBHOOKS - 1 }).answer).status).toBe(201);
    await expect(put({ url }, { others: MOST_WEBHOOKS }).answer).rejects.toMatchObject({ code: 'tooManyWebhooks' });
  });

  it('is refused, and leaves neither a row nor a secret, if others were created at the same time', async () => {
    const { answer, removed } = put({ url }, { others: MOST_WEBHOOKS - 1, meanwhile: 1 });
    await expect(answer).rejects.toMatchObject({ code: 'tooManyWebhooks' });
    expect(removed).toEqual(['mine', 'crm']);
  });

  it('replaces one that was created meanwhile, and leaves no secret behind', async () => {
    const { answer, removed } = put({ url }, { isFirst: false });
    expect(await answer).toMatchObject({
      status: 200,
      body: expect.not.objectContaining({ secret: expect.anything() }),
    });
    expect(removed).toEqual(['mine']);
  });

  it('may use http, and a private address, only in a network that the stage allows', async () => {
    expect((await put({ url: 'http://127.0.0.1:8080/hook' }).answer).status).toBe(201);
    for (const refused of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://localhost.example/', 'https://[::1]/']) {
      await expect(put({ url: refused }).answer).rejects.toMatchObject({ code: 'badBody' });
    }
  });
});

import { endReceivers, receiver } from '@spillway/e2e/receiver.ts';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import { sampleJob } from '@spillway/shared/testing/sample-job.ts';
import { readCidrs } from '@spillway/shared/webhooks/address.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { hostResolver } from './resolve.ts';
import { deliver } from './run.ts';

const [secret, other] = ['a', 'o'].map((letter) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`) as [
  string,
  string,
];
const job = sampleJob({ idempotencyKey: () => 'a'.repeat(64), inputText: () => '{}' });

afterAll(endReceivers);

describe('a job that delivers to a webhook of its tenant', () => {
  /** Delivers to a webhook whose row has the given state, and which has two secrets, the second until a time. @param broken why nothing can be noted */
  function delivery(state: Partial<WebhookRow> | undefined, url = '', resolve = hostResolver(), broken?: Error) {
    const changes: unknown[] = [];
    const tools = {
      allowedCidrs: readCidrs('127.0.0.0/8'),
      resolve,
      store: {
        get: async () => state && ({ pk: 'tenant-1', sk: 'crm', url, secretVersion: 'v1', ...state } as WebhookRow),
        change: async (_: unknown, set: object) => {
          changes.push(set);
          if (broken) throw broken;
          return true;
        },
      },
      secrets: { read: async () => [{ secret }, { secret: other, until: '2026-11-27T12:00:00.000Z' }] },
      now: () => at,
    };
    return {
      changes,
      deliver: (id: unknown, type = 'job.failed', signal = job.signal) =>
        deliver(tools)({ webhook: 'crm', payload: { id, type } }, { ...job, signal }),
    };
  }
  let at = new Date('2026-11-27T11:59:59.000Z');

  it('goes to the URL that the webhook has now, with the id of its event and a signature by each secret that signs', async () => {
    const { got, url } = await receiver();
    expect(await delivery({}, url).deliver('abc.4')).toMatchObject({ status: 204 });
    at = new Date('2026-11-27T12:00:00.000Z');
    // an id that a client has made up, which could change what is signed
    await delivery({}, url).deliver('1.1700000000.{}');
    await delivery({}, url).deliver(7);
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual(['abc-4', job32, job32]);
    expect(got.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)).toEqual([2, 1, 1]);
  });
  const job32 = `msg_${'a'.repeat(32)}`;

  it('fails at once if there is no such webhook, or if it is disabled and the event is not a test', async () => {
    const { url } = await receiver();
    await expect(delivery(undefined).deliver('a.1')).rejects.toMatchObject({ code: 'WEBHOOK_UNKNOWN' });
    const disabled = delivery({ disabledSince: '2026-11-27T10:00:00.000Z' }, url);
    await expect(disabled.deliver('a.1')).rejects.toBeInstanceOf(PermanentJobError);
    expect(await disabled.deliver('a.1', 'webhook.test')).toMatchObject({ status: 204 });
  });

  it('notes that the webhook fails, and asks for another attempt, when its receiver answers 503', async () => {
    const { url } = await receiver(() => ({ status: 503 }));
    const { changes, deliver: send } = delivery({}, url);
    await expect(send('a.1')).rejects.toMatchObject({ code: 'HTTP_503' });
    expect(changes).toEqual([{ failingSince: at.toISOString() }]);
  });

  it('notes that the webhook fails when no name server knows its receiver', async () => {
    const { changes, deliver: send } = delivery({}, 'https://hooks.invalid/', hostResolver(['127.0.0.1:9']));
    await expect(send('a.1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(changes).toEqual([{ failingSince: at.toISOString() }]);
  });

  it('does not say that the receiver failed when it took the delivery and only this could not be noted', async () => {
    const { url } = await receiver();
    const state = { failingSince: '2026-11-25T12:00:00.000Z' };
    const { changes, deliver: send } = delivery(state, url, hostResolver(), new Error('DynamoDB is down'));
    await expect(send('a.1')).rejects.toThrow('DynamoDB is down');
    expect(changes).toEqual([{}]);
  });

  it('notes nothing about the webhook when the job was cancelled', async () => {
    const { url } = await receiver(() => 'silence');
    const { changes, deliver: send } = delivery({}, url);
    const controller = new AbortController();
    const sending = send('a.1', 'job.failed', controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(sending).rejects.toThrow();
    expect(changes).toEqual([]);
  });
});

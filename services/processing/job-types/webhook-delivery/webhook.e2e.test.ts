import { submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { endReceivers, receiver } from '@spillway/e2e/receiver.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { Webhook } from 'standardwebhooks';

const TYPE = 'webhook-delivery';
const { secret = '', payload } = webhookDelivery.example.input;

afterAll(endReceivers);

const delivered = async (url: string, withinSeconds?: number) => {
  const { status, body } = await submit(TYPE, { url, secret, payload });
  expect(status).toBe(202);
  return waitForOutcome(TYPE, body.jobId, withinSeconds);
};

describe('a webhook', () => {
  it('delivers a signed webhook', async () => {
    const { got, url } = await receiver(() => ({ status: 204 }));
    expect(await delivered(url)).toMatchObject({ status: 'SUCCEEDED', attempts: 1, result: { status: 204 } });
    const [first] = got;
    expect(new Webhook(secret).verify(first?.body ?? '', first?.headers as Record<string, string>)).toEqual(payload);
  });

  it('delivers a webhook again after a 503, with the same id and a new signature', async () => {
    const { got, url } = await receiver((n) => ({ status: n === 0 ? 503 : 200 }));
    const job = await delivered(url);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
    expect(job).not.toHaveProperty('error');
    const [first, second] = got.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(second?.['webhook-timestamp']).not.toBe(first?.['webhook-timestamp']);
    new Webhook(secret).verify(got[1]?.body ?? '', second as Record<string, string>);
  });

  it('waits as long as the webhook’s receiver asks', async () => {
    const { got, url } = await receiver((n) =>
      n === 0 ? { status: 429, headers: { 'retry-after': '4' } } : { status: 200 },
    );
    expect(await delivered(url)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
    expect((got[1]?.atMs ?? 0) - (got[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(3900);
  });

  it('delivers a webhook again when there was no response in time', async () => {
    const { url } = await receiver((n) => (n === 0 ? 'silence' : { status: 200 }));
    expect(await delivered(url)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
  });

  it.each([
    [410, {}],
    [302, { location: 'http://127.0.0.1:1/elsewhere' }],
  ])('fails a webhook at once when its receiver answers %d', async (status, headers) => {
    const { got, url } = await receiver(() => ({ status, headers }));
    expect(await delivered(url)).toMatchObject({ status: 'FAILED', attempts: 1, error: { code: `HTTP_${status}` } });
    expect(got).toHaveLength(1);
  });

  it.each([
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/latest',
    'https://[::ffff:192.168.0.1]/hook',
    'http://0xa9fea9fe/latest',
  ])('refuses a webhook to %s', async (url) => {
    expect(await delivered(url)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'ADDRESS_REFUSED', message: expect.stringContaining('public') },
    });
  });
});

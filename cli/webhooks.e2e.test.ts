import { endReceivers, receiver } from '@spillway/e2e/receiver.ts';
import { Webhook } from 'standardwebhooks';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

afterAll(endReceivers);

describe('spillway webhooks', () => {
  it('writes, tests, rotates, lists and deletes a webhook, and shows its deliveries', async () => {
    const { got, url } = await receiver((n) => ({ status: n === 0 ? 200 : 410 }));
    const tenant = uniqueName();
    await spillway(['tenant', 'create', tenant]);
    const webhooks = (...args: string[]) => spillway(['webhooks', ...args, ...as(tenant)]);

    const put = await webhooks('put', 'crm', '--url', url, '--event', 'job.failed', '--job-type', 'csv-import');
    expect(put).toMatchObject({ code: 0, error: '' });
    const { secret, ...shown } = JSON.parse(put.out);
    expect(shown).toMatchObject({ id: 'crm', events: ['job.failed'], jobTypes: ['csv-import'] });
    expect(JSON.parse((await webhooks('show', 'crm')).out)).toEqual(shown);
    expect(JSON.parse((await webhooks('list')).out)).toEqual(shown);

    const tested = await webhooks('test', 'crm');
    expect([tested.code, JSON.parse(tested.out)]).toEqual([0, expect.objectContaining({ status: 'SUCCEEDED' })]);
    new Webhook(secret).verify(got[0]?.body ?? '', got[0]?.headers as Record<string, string>);
    const rotated = JSON.parse((await webhooks('rotate', 'crm', '--overlap-hours', '1')).out);
    const refused = await webhooks('test', 'crm');
    expect([refused.code, JSON.parse(refused.out).error.code]).toEqual([1, 'HTTP_410']);
    for (const each of [secret, rotated.secret]) {
      new Webhook(each).verify(got[1]?.body ?? '', got[1]?.headers as Record<string, string>);
    }
    const lines = (await webhooks('deliveries', 'crm')).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).status)).toEqual(['FAILED', 'SUCCEEDED']);

    expect(await webhooks('put', 'crm', '--url', 'http://example.com')).toMatchObject({ code: 1 });
    expect(await webhooks('delete', 'crm')).toMatchObject({ code: 0 });
    expect(await webhooks('delete', 'crm')).toMatchObject({ code: 1 });
  });

  it('says that a delivery which its receiver refused for now is tried again, and how to follow it', async () => {
    const { url } = await receiver(() => ({ status: 503 }));
    const tenant = uniqueName();
    await spillway(['tenant', 'create', tenant]);
    await spillway(['webhooks', 'put', 'crm', '--url', url, ...as(tenant)]);
    const { code, out, error } = await spillway(['webhooks', 'test', 'crm', ...as(tenant)]);
    const { jobId, ...tested } = JSON.parse(out);
    expect([code, tested.error.code]).toEqual([1, 'HTTP_503']);
    expect(error).toContain(
      `will be tried again. To follow it: npm run spillway -- watch webhook-delivery ${jobId} --tenant ${tenant}`,
    );
    await spillway(['webhooks', 'delete', 'crm', ...as(tenant)]);
  });

  it('shows that suspending the tenant has disabled its webhooks, and enables each by writing it again', async () => {
    const tenant = uniqueName();
    await spillway(['tenant', 'create', tenant]);
    const webhooks = (...args: string[]) => spillway(['webhooks', ...args, ...as(tenant)]);
    const shown = async (id: string) => JSON.parse((await webhooks('show', id)).out);
    const url = 'https://example.com/hook';
    await webhooks('put', 'crm', '--url', url);
    await webhooks('put', 'quiet', '--url', url, '--disabled');
    await spillway(['tenant', 'suspend', tenant]);
    await spillway(['tenant', 'rotate', tenant]);
    expect(await shown('crm')).toMatchObject({ disabled: true, disabledBecause: 'suspended' });
    expect(await shown('quiet')).toMatchObject({ disabled: true, disabledBecause: 'asked' });
    await webhooks('put', 'crm', '--url', url);
    expect(await shown('crm')).toMatchObject({ disabled: false });
  });
});

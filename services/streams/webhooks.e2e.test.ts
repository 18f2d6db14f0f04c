import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { adminRequest } from '@spillway/e2e/administrator.ts';
import { onboarding, ownTenant } from '@spillway/e2e/callers.ts';
import { dynamo, eventually, stage, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { endReceivers, type Received, receiver } from '@spillway/e2e/receiver.ts';
import { webhooks } from '@spillway/e2e/webhooks.ts';
import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { webhooksTableOf } from '@spillway/shared/webhooks/names.ts';
import { Webhook } from 'standardwebhooks';

const TYPE = 'csv-import';
const { input } = csvImport.example;
const DAY_MS = 24 * 3_600_000;

/** A tenant of these tests alone, whose events are only theirs. */
const createTenant = () => ownTenant('webhooks');
let tenant: Tenant;
beforeAll(async () => {
  tenant = await createTenant();
});
afterAll(endReceivers);

const verified = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const submitted = async (id: string) => {
  await submit(TYPE, input, id, { as: tenant });
  return waitForOutcome(TYPE, id, undefined, tenant);
};
const deliveriesOf = async (id: string) => (await webhooks.deliveries(id, '', tenant)).body.deliveries;

describe('a webhook', () => {
  it('gets the events that it asks for, signed, once, and as they are on the bus, and lists its deliveries', async () => {
    const { got, url } = await receiver();
    const failures = await receiver();
    const { body } = await webhooks.put('outcomes', { url, jobTypes: [TYPE] }, tenant);
    await webhooks.put('failures', { url: failures.url, events: ['job.failed'] }, tenant);
    await submitted('hooked-1');
    await eventually('the event', async () => got.length > 0);
    const [first] = got as [Received];
    const event = JobEvent.parse(verified(body.secret ?? '', first));
    expect(event).toMatchObject({ type: 'job.succeeded', data: { jobId: 'hooked-1', jobType: TYPE } });
    expect(first.headers['webhook-id']).toBe(event.id.replace('.', '-'));
    const [delivery] = await eventually('the delivery’s outcome', async () => {
      const all = await deliveriesOf('outcomes');
      return all[0]?.status === 'SUCCEEDED' && all;
    });
    expect(delivery).toMatchObject({ event: event.id, attempts: 1, type: 'webhook-delivery' });
    const job = await waitForOutcome('webhook-delivery', delivery?.jobId ?? '', undefined, tenant);
    expect(job).toMatchObject({ result: { status: 204 }, traceId: event.data.traceId });
    expect(await deliveriesOf('failures')).toEqual([]);
    // the delivery’s own events have caused no further delivery by now, and only one webhook wanted the job’s event
    await sleep(1000);
    expect([got.length, failures.got.length]).toEqual([1, 0]);
  });

  it('sends a test event when asked, also while it is disabled', async () => {
    const { got, url } = await receiver();
    const { body } = await webhooks.put('tested', { url, disabled: true }, tenant);
    const test = await webhooks.test('tested', tenant);
    expect([test.status, test.headers.get('location')]).toEqual([202, test.body.links.self]);
    await waitForOutcome('webhook-delivery', test.body.jobId, undefined, tenant);
    expect(verified(body.secret ?? '', got[0] as Received)).toMatchObject({
      type: 'webhook.test',
      data: { webhook: 'tested' },
    });
    await submitted('unhooked-1');
    expect(got).toHaveLength(1);
  });
});

describe('a webhook’s secret', () => {
  it('can be rotated under load: each delivery can be verified with the old secret and, from the rotation on, with the new one', async () => {
    const { got, url } = await receiver();
    // the events of a tenant that had none before go to its new webhook at once
    const busy = await createTenant();
    const { body } = await webhooks.put('rotated', { url }, busy);
    const old = body.secret ?? '';
    const load = (part: string) =>
      Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          sleep(n * 50).then(() => submit(TYPE, input, `${part}-${n}`, { as: busy })),
        ),
      );
    const first = eventually('the first delivery', async () => got.length > 0);
    const [rotated] = await Promise.all([first.then(() => webhooks.rotate('rotated', {}, busy)), load('during')]);
    // all of these follow the rotation, however long that took
    await load('after');
    const jobOf = ({ body: event }: Received): string => JSON.parse(event).data.jobId;
    await eventually('all events', async () => new Set(got.map(jobOf)).size === 60);
    for (const each of got) verified(old, each);
    const after = got.filter((each) => jobOf(each).startsWith('after-'));
    expect(after.length).toBeGreaterThanOrEqual(30);
    for (const each of after) verified(rotated.body.secret, each);
    const signatures = got.map(({ headers }) => String(headers['webhook-signature']).split(' ').length);
    expect([...new Set(signatures)].toSorted()).toEqual([1, 2]);
  });
});

/** Replays a delivery, as an administrator does. */
async function replay(owner: string, jobId: string): Promise<void> {
  const jobs = [{ tenant: owner, type: 'webhook-delivery', jobId }];
  const headers = { 'content-type': 'application/json' };
  const { status } = await adminRequest('/admin/replays', { method: 'POST', headers, body: JSON.stringify({ jobs }) });
  expect(status).toBe(202);
}

describe('a webhook whose receiver is in trouble', () => {
  it('is disabled when its receiver answers 410, and gets events again once it is written', async () => {
    const { got, url } = await receiver((n) => ({ status: n === 0 ? 410 : 200 }));
    await webhooks.put('gone', { url }, tenant);
    const test = await webhooks.test('gone', tenant);
    expect(await waitForOutcome('webhook-delivery', test.body.jobId, undefined, tenant)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'HTTP_410', message: expect.stringContaining('the webhook gone is disabled') },
    });
    expect((await webhooks.get('gone', tenant)).body).toMatchObject({ disabled: true, disabledBecause: 'gone' });
    await webhooks.put('gone', { url }, tenant);
    expect((await webhooks.get('gone', tenant)).body.disabled).toBe(false);
    const again = await webhooks.test('gone', tenant);
    await waitForOutcome('webhook-delivery', again.body.jobId, undefined, tenant);
    expect(got).toHaveLength(2);
  });

  /** Lets a webhook have failed for some days, with a notice as long ago. */
  const failedFor = (id: string, days: number, noticedDays: number) =>
    dynamo.send(
      new UpdateCommand({
        TableName: webhooksTableOf(stage.name),
        Key: { pk: tenant.clientId, sk: id },
        UpdateExpression: 'SET failingSince = :since, noticedAt = :noticed',
        ExpressionAttributeValues: {
          ':since': new Date(Date.now() - days * DAY_MS).toISOString(),
          ':noticed': new Date(Date.now() - noticedDays * DAY_MS).toISOString(),
        },
      }),
    );

  it('says that it fails until a delivery succeeds', async () => {
    const { url } = await receiver((n) => ({ status: n === 0 ? 302 : 200, headers: { location: 'http://10.0.0.1/' } }));
    await webhooks.put('ailing', { url }, tenant);
    await failedFor('ailing', 2, 0);
    const test = await webhooks.test('ailing', tenant);
    expect(await waitForOutcome('webhook-delivery', test.body.jobId, undefined, tenant)).toMatchObject({
      status: 'FAILED',
      error: { code: 'WEBHOOK_FAILING', message: expect.stringContaining('unless one succeeds') },
    });
    expect((await webhooks.get('ailing', tenant)).body).toMatchObject({
      disabled: false,
      failingSince: expect.any(String),
    });
    const better = await webhooks.test('ailing', tenant);
    await waitForOutcome('webhook-delivery', better.body.jobId, undefined, tenant);
    expect((await webhooks.get('ailing', tenant)).body).not.toHaveProperty('failingSince');
  });

  it('is disabled after five days of failures, and once it is enabled, what failed can be replayed', async () => {
    const { got, url } = await receiver((n) => ({ status: n === 0 ? 500 : 200 }));
    await webhooks.put('failed', { url }, tenant);
    await failedFor('failed', 6, 2);
    const test = await webhooks.test('failed', tenant);
    expect(await waitForOutcome('webhook-delivery', test.body.jobId, undefined, tenant)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'WEBHOOK_DISABLED' },
    });
    expect((await webhooks.get('failed', tenant)).body).toMatchObject({ disabled: true, disabledBecause: 'failing' });
    await webhooks.put('failed', { url }, tenant);
    const { jobId } = test.body;
    await replay(tenant.clientId, jobId);
    await eventually('the delivery of the replayed job', async () => got.length === 2);
    expect(got[1]?.headers['webhook-id']).toBe(got[0]?.headers['webhook-id']);
    expect(await waitForOutcome('webhook-delivery', jobId, undefined, tenant)).toMatchObject({
      status: 'SUCCEEDED',
      generation: 2,
    });
  });

  it('of a tenant that is suspended gets nothing more: what waits fails, is among the failures, and can be replayed once the tenant is back', async () => {
    const leaving = await ownTenant('leaving');
    const { got, url } = await receiver((n) => ({ status: n === 0 ? 503 : 200 }));
    await webhooks.put('left', { url }, leaving);
    await submit(TYPE, input, 'last-job', { as: leaving });
    await eventually('the first attempt', async () => got.length === 1);
    await onboarding.suspend(leaving.tenant);
    const query = new URLSearchParams({ tenant: leaving.clientId, code: 'WEBHOOK_DISABLED' });
    const [failure] = await eventually('the failure of the delivery', async () => {
      const { status, body } = await adminRequest(`/admin/failures?${query}`);
      return status === 200 && body.failures.length > 0 && body.failures;
    });
    expect(failure).toMatchObject({ type: 'webhook-delivery', jobId: expect.stringMatching(/^left\./) });
    expect(got).toHaveLength(1);
    const back = (await onboarding.rotate(leaving.tenant)) as Tenant;
    expect((await webhooks.put('left', { url }, back)).body).toMatchObject({ disabled: false });
    await replay(back.clientId, failure.jobId);
    await eventually('the delivery of the replayed job', async () => got.length === 2);
  });

  it('fails a delivery to a webhook that does not exist, or no longer exists', async () => {
    const { body } = await submit('webhook-delivery', { webhook: 'nobody', payload: {} }, undefined, { as: tenant });
    expect(await waitForOutcome('webhook-delivery', body.jobId, undefined, tenant)).toMatchObject({
      error: { code: 'WEBHOOK_UNKNOWN' },
    });
  });
});

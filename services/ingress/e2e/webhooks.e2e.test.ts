import { ownTenant } from '@spillway/e2e/callers.ts';
import { other } from '@spillway/e2e/deployed.ts';
import { webhooks } from '@spillway/e2e/webhooks.ts';
import { MOST_WEBHOOKS } from '@spillway/shared/contracts/webhooks.ts';

const url = 'https://hooks.example.com/spillway';
const IDS = ['crm', 'mine', 'short-lived', 'turned', 'overlaps'];

afterAll(async () => {
  for (const id of IDS) await webhooks.remove(id);
  await webhooks.remove('mine', other);
});

describe('a webhook', () => {
  it('is new at first, with a secret that nobody can read again, and is replaced by the same id', async () => {
    const first = await webhooks.put('crm', { url });
    expect([first.status, first.headers.get('location')]).toEqual([201, first.body.links.self]);
    expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret: _, ...shown } = first.body;
    expect((await webhooks.get('crm')).body).toEqual(shown);
    expect(shown).toMatchObject({
      id: 'crm',
      url,
      events: ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'],
      disabled: false,
    });
    const second = await webhooks.put('crm', { url, events: ['job.failed'], jobTypes: ['csv-import'], disabled: true });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ events: ['job.failed'], jobTypes: ['csv-import'], disabledBecause: 'asked' });
    expect(second.body).not.toHaveProperty('secret');
    expect(second.body.secretSince).toBe(first.body.secretSince);
    const third = await webhooks.put('crm', { url });
    expect(third.body.disabled).toBe(false);
    expect(third.body).not.toHaveProperty('jobTypes');
    expect((await webhooks.list()).body.webhooks).toContainEqual(third.body);
  });

  it('belongs to its tenant: another one finds none of that id, and may use the id', async () => {
    await webhooks.put('mine', { url });
    for (const call of [webhooks.get, webhooks.remove, webhooks.test]) {
      expect((await call('mine', other)).status).toBe(404);
    }
    expect((await webhooks.rotate('mine', {}, other)).status).toBe(404);
    expect((await webhooks.deliveries('mine', '', other)).status).toBe(404);
    expect((await webhooks.list(other)).body.webhooks.map(({ id }) => id)).not.toContain('mine');
    expect((await webhooks.put('mine', { url }, other)).status).toBe(201);
  });

  it('is gone with its secret after it was deleted', async () => {
    await webhooks.put('short-lived', { url });
    expect((await webhooks.remove('short-lived')).status).toBe(204);
    expect((await webhooks.remove('short-lived')).status).toBe(404);
    expect((await webhooks.get('short-lived')).status).toBe(404);
    expect((await webhooks.put('short-lived', { url })).status).toBe(201);
  });

  it('has at most three secrets that sign, and ends the old ones at once if asked', async () => {
    await webhooks.put('overlaps', { url });
    const first = await webhooks.rotate('overlaps');
    expect(first.status).toBe(200);
    const untilMs = Date.parse(first.body.previousSecretUntil ?? '');
    expect(Math.abs(untilMs - Date.now() - 24 * 3_600_000)).toBeLessThan(60_000);
    expect((await webhooks.get('overlaps')).body.previousSecretUntil).toBe(first.body.previousSecretUntil);
    expect((await webhooks.rotate('overlaps')).status).toBe(200);
    expect((await webhooks.rotate('overlaps')).status).toBe(409);
    const ended = await webhooks.rotate('overlaps', { overlapHours: 0 });
    expect(Object.keys(ended.body)).toEqual(['secret']);
    expect((await webhooks.get('overlaps')).body).not.toHaveProperty('previousSecretUntil');
    expect((await webhooks.rotate('overlaps', { overlapHours: 1000 })).status).toBe(400);
  });

  it('is created once when two requests create it at the same time, and only the created one shows a secret', async () => {
    const both = await Promise.all([webhooks.put('turned', { url }), webhooks.put('turned', { url })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    expect(both.filter(({ body }) => body.secret !== undefined)).toHaveLength(1);
  });

  it('is never one of more than ten, although all are created at the same time', async () => {
    const eager = await ownTenant('eager');
    const ids = Array.from({ length: MOST_WEBHOOKS + 4 }, (_, n) => `eager-${n}`);
    const statuses = await Promise.all(ids.map(async (id) => (await webhooks.put(id, { url }, eager)).status));
    expect([...new Set(statuses)].filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const { length } = (await webhooks.list(eager)).body.webhooks;
    expect(length).toBe(statuses.filter((status) => status === 201).length);
    expect(length).toBeLessThanOrEqual(MOST_WEBHOOKS);
  });

  it.each([
    ['url: use an https URL', { url: 'ftp://example.com' }],
    ['url: use an https URL', { url: 'nowhere' }],
    ['url: use https', { url: 'http://example.com/hook' }],
    ['url: 169.254.169.254 is not a public address', { url: 'https://169.254.169.254/latest' }],
    ['url: 10.0.0.1 is not a public address', { url: 'https://0xA000001/hook' }],
    ['url: fd00:ec2::254 is not a public address', { url: 'https://[fd00:ec2::254]/' }],
    ['url: leave out the user', { url: 'https://user:pass@example.com/' }],
    ['url: ', { url: `https://example.com/${'x'.repeat(2000)}` }],
    ['events', { url, events: [] }],
    ['events', { url, events: ['job.exploded'] }],
    ['jobTypes: there is no job type', { url, jobTypes: ['no-such-type'] }],
    ['jobTypes: events of deliveries', { url, jobTypes: ['webhook-delivery'] }],
    ['secret', { url, secret: 'whsec_mine' }],
    ['url', {}],
  ])('is refused with the reason "%s"', async (reason, body) => {
    const { status, body: problem } = await webhooks.put('refused', body);
    expect(status).toBe(400);
    expect((problem as unknown as { detail: string }).detail).toContain(reason);
  });

  it('is refused with an id that would not fit into the ids of its deliveries', async () => {
    expect((await webhooks.put('x'.repeat(25), { url })).status).toBe(400);
    expect((await webhooks.put('a.b', { url })).status).toBe(400);
  });
});

import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { type HandedOn, MOST_DIRECT_SUBSCRIBERS, planPush as planWith, STAYS_HANDED_ON_MS } from './push.ts';
import type { PresenceRow } from './table.ts';
import { targetOf } from './targets.ts';

const NOW = new Date('2026-11-27T10:00:00Z');
const LATER = NOW.getTime() / 1000 + 60;

const planPush = (
  events: readonly JobEvent[],
  store: ReturnType<typeof storeOf>,
  now: Date,
  handedOn: HandedOn = new Map(),
) => planWith(events, store, now, handedOn, new AbortController().signal);

const event = (tenant: string, jobId: string, revision: number) =>
  ({ id: `${jobId}.${revision}`, data: { tenant, jobType: 'csv-import', jobId, revision } }) as unknown as JobEvent;

/** A store in which tenants have subscribers, by the key of their target. */
function storeOf(
  subscribers: Record<string, string[]>,
  presence: Partial<PresenceRow> = { all: LATER, type: LATER, job: LATER },
) {
  const asked: string[] = [];
  return {
    asked,
    presences: async (tenants: readonly string[]) =>
      new Map(
        tenants
          .filter((tenant) => Object.keys(subscribers).some((key) => key.split('#')[1] === tenant))
          .map((tenant) => [tenant, { apiId: 'api', ...presence } as PresenceRow]),
      ),
    async subscribers(target: string, _now: Date, { most = Number.POSITIVE_INFINITY } = {}) {
      asked.push(target);
      return (subscribers[target] ?? []).slice(0, most);
    },
  };
}

const all = (tenant: string) => targetOf(tenant, {}).key;
const one = (tenant: string, jobId: string) => targetOf(tenant, { job: { type: 'csv-import', jobId } }).key;
const connectionsOf = (count: number, name = 'some') => Array.from({ length: count }, (_, index) => `${name}-${index}`);
const eventsOf = (tenant: string, count: number) => Array.from({ length: count }, (_, n) => event(tenant, 'x', n));
const ids = (texts: readonly string[]) => texts.map((text) => JSON.parse(text).id);

describe('a push', () => {
  it('reads no subscriptions of tenants that have none', async () => {
    const store = storeOf({ [all('a')]: ['1'] });
    await planPush([event('b', 'x', 0), event('c', 'y', 0)], store, NOW);
    expect(store.asked).toEqual([]);
  });

  it('reads no subscriptions of tenants whose access has ended, nor of kinds that they do not have', async () => {
    const ended = storeOf({ [all('a')]: ['1'] }, { all: NOW.getTime() / 1000 });
    expect(await planPush([event('a', 'x', 0)], ended, NOW)).toEqual({ direct: [], big: [] });
    const onlyJobs = storeOf({ [one('a', 'x')]: ['1'] }, { job: LATER });
    await planPush([event('a', 'x', 0)], onlyJobs, NOW);
    expect(onlyJobs.asked).toEqual([one('a', 'x')]);
  });

  it('gives a connection with several subscriptions each event once, in order', async () => {
    const store = storeOf({ [all('a')]: ['1'], [one('a', 'x')]: ['1'] });
    const { direct } = await planPush([event('a', 'x', 0), event('a', 'y', 0), event('a', 'x', 1)], store, NOW);
    expect(direct.map(({ id, texts }) => [id, ids(texts)])).toEqual([['1', ['x.0', 'y.0', 'x.1']]]);
  });

  it('never gives a connection an event of another tenant', async () => {
    const store = storeOf({ [all('a')]: ['1'], [all('b')]: ['2'] });
    const { direct } = await planPush([event('a', 'x', 0), event('b', 'x', 0)], store, NOW);
    expect(direct).toHaveLength(2);
    for (const { id, texts } of direct) {
      expect(texts.map((text) => JSON.parse(text).data.tenant)).toEqual([id === '1' ? 'a' : 'b']);
    }
  });

  it('hands on the events of a target with many subscribers, and sends those of others itself', async () => {
    const many = Array.from({ length: MOST_DIRECT_SUBSCRIBERS + 1 }, (_, index) => `many-${index}`);
    const store = storeOf({ [all('a')]: many, [all('b')]: ['2'] });
    const { direct, big } = await planPush([event('a', 'x', 0), event('b', 'y', 0)], store, NOW);
    expect(direct.map(({ id }) => id)).toEqual(['2']);
    expect(big.map(({ target, events }) => [target, events.length])).toEqual([[all('a'), 1]]);
  });

  it('hands on what would be too much for one batch of a tenant, and sends to other tenants itself', async () => {
    const [some, two] = [connectionsOf(30), connectionsOf(2, 'two')];
    const store = storeOf({ [all('a')]: some, [all('b')]: two });
    const events = [...eventsOf('a', 20), ...eventsOf('b', 5)];
    for (const batch of [events, events.toReversed()]) {
      const { direct, big } = await planPush(batch, store, NOW);
      expect([direct.map(({ id }) => id), big.map(({ target }) => target)]).toEqual([two, [all('a')]]);
    }
  });

  it('hands on the events of the tenants with the most messages, if all together are too many', async () => {
    const tenants = Array.from({ length: 10 }, (_, index) => `t${index}`);
    const store = storeOf(Object.fromEntries(tenants.map((tenant) => [all(tenant), connectionsOf(20, tenant)])));
    const events = tenants.flatMap((tenant, index) => eventsOf(tenant, 25 - index));
    const { direct, big } = await planPush(events, store, NOW);
    expect(direct.reduce((sum, { texts }) => sum + texts.length, 0)).toBeLessThanOrEqual(2000);
    expect(big.map(({ target }) => target).sort()).toEqual(tenants.slice(0, big.length).map(all));
    expect(big.length).toBeLessThan(tenants.length / 2 + 1);
  });

  it('hands on later events of a target for a while, so that they do not overtake those in the queue', async () => {
    const handedOn: HandedOn = new Map();
    const store = storeOf({ [all('a')]: connectionsOf(30) });
    const later = (ms: number) => new Date(NOW.getTime() + ms);
    const bigAfter = async (ms: number, count: number) =>
      (await planPush(eventsOf('a', count), store, later(ms), handedOn)).big.length;
    expect(await bigAfter(0, 20)).toBe(1);
    expect(await bigAfter(STAYS_HANDED_ON_MS - 1, 1)).toBe(1);
    expect(await bigAfter(2 * STAYS_HANDED_ON_MS - 2, 1)).toBe(1);
    expect(await bigAfter(3 * STAYS_HANDED_ON_MS, 1)).toBe(0);
    expect(handedOn.size).toBe(0);
  });
});

import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { MOST_DIRECT_SUBSCRIBERS, planPush } from './push.ts';
import type { PresenceRow } from './table.ts';
import { targetOf } from './targets.ts';

const NOW = new Date('2026-11-27T10:00:00Z');
const LATER = NOW.getTime() / 1000 + 60;

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

  it('hands on what would be too much for one batch in sum', async () => {
    const some = Array.from({ length: 30 }, (_, index) => `some-${index}`);
    const store = storeOf({ [all('a')]: some, [all('b')]: ['2'] });
    const events = Array.from({ length: 20 }, (_, index) => event('a', 'x', index));
    const { direct, big } = await planPush([...events, event('b', 'y', 0)], store, NOW);
    expect([direct.length, big.length]).toEqual([1, 1]);
  });
});

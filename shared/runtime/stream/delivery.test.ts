import { memoryBucket } from '../../testing/memory-bucket.ts';
import { type Destination, delivery, type Refusal, sendCalls } from './delivery.ts';
import { refusedStore } from './refused.ts';

type Letter = 'a' | 'b' | 'c';
const BATCH: Letter[] = ['a', 'b', 'c'];

/** A destination that answers each try as `refuse` says, and what is seen of a delivery to it. */
function tried(refuse: (entry: Letter, attempt: number) => Partial<Refusal<Letter>> | undefined) {
  const calls: Letter[][] = [];
  const pauses: number[] = [];
  const stored: Letter[][] = [];
  const destination: Destination<Letter> = {
    name: 'bus',
    async send(entries) {
      calls.push([...entries]);
      return entries.flatMap((entry) => {
        const refusal = refuse(entry, calls.length);
        return refusal ? [{ entry, code: 'ThrottlingException', forGood: false, ...refusal }] : [];
      });
    },
  };
  const deliver = delivery(destination, {
    store: async (_, refusals) => void stored.push(refusals.map(({ entry }) => entry)),
    patienceMs: 10_000,
    pause: async (ms) => pauses.push(ms),
  });
  return { calls, pauses, stored, deliver };
}

describe('a delivery', () => {
  it('sends the refused half of a batch again, and stores nothing', async () => {
    const { calls, stored, deliver } = tried((entry, attempt) => (attempt < 3 && entry !== 'c' ? {} : undefined));
    await deliver(BATCH);
    expect([calls, stored]).toEqual([[BATCH, ['a', 'b'], ['a', 'b']], []]);
  });

  it('stores only what is still refused when its patience ends, so that the shard continues', async () => {
    const { calls, pauses, stored, deliver } = tried((entry) => (entry === 'b' ? {} : undefined));
    await deliver(BATCH);
    expect(calls).toEqual([BATCH, ...pauses.map(() => ['b'])]);
    expect(pauses.reduce((total, ms) => total + ms, 0)).toBeLessThanOrEqual(10_000);
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200]);
    expect(stored).toEqual([['b']]);
  });

  it('ends in time for a function that has 60 s, even if the calls themselves take long', async () => {
    let now = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
    const { calls, stored, deliver } = tried(() => {
      now += 4000;
      return {};
    });
    await deliver(['a']);
    clock.mockRestore();
    expect([calls.length, stored]).toEqual([5, [['a']]]);
  });

  it('stores at once what is refused because of what it is, and delivers the entries before and after it', async () => {
    const { calls, stored, deliver } = tried((entry) => (entry === 'b' ? { forGood: true } : undefined));
    await deliver(BATCH);
    expect([calls, stored]).toEqual([[BATCH], [['b']]]);
  });

  it('gives each batch a single try while the destination is down, and has patience again when it takes something', async () => {
    let down = true;
    const { calls, stored, deliver } = tried(() => (down ? { code: 'AccessDeniedException' } : undefined));
    await deliver(BATCH);
    const whenItWentDown = calls.length;
    expect(whenItWentDown).toBeGreaterThan(1);
    await deliver(BATCH);
    await deliver(BATCH);
    expect(calls.length - whenItWentDown).toBe(2);
    expect(stored).toHaveLength(3);
    down = false;
    await deliver(BATCH);
    down = true;
    const before = calls.length;
    await deliver(BATCH);
    expect(calls.length - before).toBe(whenItWentDown);
  });

  it('keeps its patience with a destination that is only busy, because such a destination asks it to wait', async () => {
    const { calls, deliver } = tried(() => ({ code: 'ServiceUnavailableException' }));
    await deliver(BATCH);
    const tries = calls.length;
    await deliver(BATCH);
    expect(calls.length).toBe(2 * tries);
  });

  it('fails if what was refused cannot be stored, so that the event source delivers the batch again', async () => {
    const destination: Destination<Letter> = {
      name: 'bus',
      send: async (entries) => entries.map((entry) => ({ entry, code: 'X', forGood: true })),
    };
    const store = () => Promise.reject(new Error('S3 is down'));
    const deliver = delivery(destination, { store, patienceMs: 0, pause: async () => {} });
    await expect(deliver(BATCH)).rejects.toThrow('S3 is down');
  });

  it('makes no call for a batch without entries', async () => {
    const { calls, deliver } = tried(() => undefined);
    await deliver([]);
    expect(calls).toEqual([]);
  });
});

it('counts the entries of a call that failed as a whole, and of those after it, as refused for now', async () => {
  const made: string[][] = [];
  const refusals = await sendCalls([['a'], ['b', 'c'], ['d']], async (entries) => {
    made.push([...entries]);
    if (entries.includes('b')) throw Object.assign(new Error('no'), { name: 'TimeoutError' });
    return [];
  });
  expect(made).toEqual([['a'], ['b', 'c']]);
  expect(refusals).toEqual(['b', 'c', 'd'].map((entry) => ({ entry, code: 'TimeoutError', forGood: false })));
});

it('stores refused entries as lines of one object, which a batch that comes twice does not double', async () => {
  const bucket = memoryBucket();
  const observed: unknown[] = [];
  const store = refusedStore<string>(
    {
      bucket,
      prefix: 'errors/refused/',
      stored: (key, count, codes) => observed.push([key, count, codes]),
    },
    (facts) => facts,
  );
  const refusals = ['{"a":1}\n{"a":2}\n', '{"a":3}'].map((entry) => ({ entry, code: 'Busy', forGood: false }));
  await store('firehose', refusals);
  await store('firehose', refusals);
  expect([...bucket.objects.values()]).toEqual(['{"a":1}\n{"a":2}\n{"a":3}\n']);
  const [key] = bucket.objects.keys();
  expect(key).toMatch(/^errors\/refused\/firehose\/\d{4}-\d\d-\d\d\/[0-9a-f]{32}\.jsonl$/);
  expect(observed[0]).toEqual([key, 2, ['Busy']]);
});

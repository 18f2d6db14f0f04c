import fc from 'fast-check';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';

const ordered = sampleType({ lane: { kind: 'ordered', orderKey: 'key' } });
const ids = (messages: string[]) => messages.map((id) => `message-of-${id}`);

describe('a batch of an ordered lane', () => {
  it('returns the later jobs of a key unclaimed and visible at once when an earlier one must come again', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => {
      if (n === 1) throw new Error('not yet');
      return { n };
    }, ordered);
    const batch = [
      sampleMessage({ id: 'a-1', key: 'a', n: 1 }),
      sampleMessage({ id: 'b-1', key: 'b', n: 9 }),
      sampleMessage({ id: 'a-2', key: 'a', n: 2 }),
    ];
    expect(await handle(batch)).toEqual(ids(['a-1', 'a-2']));
    expect(notes).toContainEqual({ did: 'show again', messageId: 'message-of-a-2', afterSeconds: 0 });
    expect(model.jobOf(identityOf('a-2'))).toBeUndefined();
    expect(model.jobOf(identityOf('b-1'))?.status).toBe('SUCCEEDED');
  });

  it('returns all jobs of a key when the function has too little time left for the first', async () => {
    const { handle, model, notes } = workbench(async ({ n }) => ({ n }), ordered);
    expect(
      await handle(
        ['a-1', 'a-2'].map((id) => sampleMessage({ id, key: 'a' })),
        () => 2500,
      ),
    ).toEqual(ids(['a-1', 'a-2']));
    expect(notes).toEqual([
      { did: 'show again', messageId: 'message-of-a-1', afterSeconds: 0 },
      { did: 'show again', messageId: 'message-of-a-2', afterSeconds: 0 },
    ]);
    expect(model.jobs.size).toBe(0);
  });

  it('holds back the jobs of a key while the store fails for the first', async () => {
    const { handle, tools, model, notes } = workbench(async ({ n }) => ({ n }), ordered);
    tools.store.claim = async () => {
      throw new Error('no route to the table');
    };
    expect(await handle(['a-1', 'a-2'].map((id) => sampleMessage({ id, key: 'a' })))).toEqual(ids(['a-1', 'a-2']));
    expect(notes.filter(({ did }) => did === 'show again')).toEqual([
      { did: 'show again', messageId: 'message-of-a-2', afterSeconds: 0 },
    ]);
    expect(model.jobs.size).toBe(0);
  });

  it('runs the next job of a key when the one before has used up its attempts', async () => {
    const { handle, model } = workbench(
      async ({ n }) => {
        if (n === 1) throw new Error('never');
        return { n };
      },
      sampleType({ lane: { kind: 'ordered', orderKey: 'key' }, maxAttempts: 1 }),
    );
    expect(await handle([1, 2].map((n) => sampleMessage({ id: `job-${n}`, n })))).toEqual([]);
    expect([1, 2].map((n) => model.jobOf(identityOf(`job-${n}`))?.status)).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('drops the second message of an ordered job that a client sends again', async () => {
    let runs = 0;
    const { handle, model, clock } = workbench(async ({ n }) => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
      return { n };
    }, ordered);
    const messages = ['first', 'second'].map((messageId) => sampleMessage({ messageId }));
    expect(await handle(messages)).toEqual(['first', 'second']);
    clock.ms += 60_000;
    expect(await handle(messages)).toEqual([]);
    expect([runs, model.jobOf(identityOf())?.outcomes.length]).toEqual([2, 1]);
  });

  it('runs the later jobs of a key after the one whose last attempt vanished', async () => {
    const order: number[] = [];
    const { handle, clock, claimElsewhere } = workbench(async ({ n }) => {
      order.push(n);
      return { n };
    }, ordered);
    await claimElsewhere(sampleMessage({ id: 'a-1', key: 'a', n: 1 }));
    clock.ms += 1000;
    const batch = [
      sampleMessage({ id: 'a-1', key: 'a', n: 1 }),
      sampleMessage({ id: 'a-2', key: 'a', n: 2 }),
      sampleMessage({ id: 'b-1', key: 'b', n: 3 }),
    ];
    expect(await handle(batch)).toEqual([]);
    expect(order).toEqual([3, 1, 2]);
  });

  it('brings back a job of a key whose last attempt vanished, if it follows another such job of the key', async () => {
    const order: number[] = [];
    const { handle, clock, notes, claimElsewhere } = workbench(async ({ n }) => {
      order.push(n);
      return { n };
    }, ordered);
    const batch = [1, 2, 3].map((n) => sampleMessage({ id: `a-${n}`, key: 'a', n }));
    for (const message of batch.slice(0, 2)) await claimElsewhere(message);
    clock.ms += 1000;
    expect(await handle(batch)).toEqual(['message-of-a-2', 'message-of-a-3']);
    expect(order).toEqual([1]);
    expect(notes).toContainEqual({ did: 'show again', messageId: 'message-of-a-2', afterSeconds: 2 });
  });

  it('keeps the order of a key after an outage in which its messages were received often', async () => {
    const order: string[] = [];
    const { handle } = workbench(async ({ key, n }) => {
      order.push(`${key}-${n}`);
      return { n };
    }, ordered);
    const batch = [
      sampleMessage({ id: 'a-1', key: 'a', n: 1, receiveCount: 900 }),
      sampleMessage({ id: 'a-2', key: 'a', n: 2, receiveCount: 900 }),
      sampleMessage({ id: 'b-1', key: 'b', n: 1 }),
      sampleMessage({ id: 'a-3', key: 'a', n: 3 }),
    ];
    expect(await handle(batch)).toEqual([]);
    expect(order).toEqual(['b-1', 'a-1', 'a-2', 'a-3']);
  });

  it('refuses a job of an ordered lane if its body and its message group have different keys', async () => {
    const { handle, model } = workbench(async ({ n }) => ({ n }), ordered);
    await handle([sampleMessage({ body: '{"key":"x","key":"y","n":1}', groupId: 'tenant-1.x' })]);
    expect(model.jobOf(identityOf())?.outcomes).toMatchObject([{ error: { code: 'INPUT_REFUSED' } }]);
  });

  it('keeps the jobs of a key in order across retries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (failures) => {
        const done: number[] = [];
        const planned = [...failures];
        const { handle, clock } = workbench(
          async ({ n }) => {
            if (planned.shift()) throw new Error('not yet');
            done.push(n);
            return { n };
          },
          sampleType({ lane: { kind: 'ordered', orderKey: 'key' }, maxAttempts: 25 }),
        );
        let waiting = [1, 2, 3, 4].map((n) => sampleMessage({ id: `job-${n}`, n }));
        while (waiting.length > 0) {
          const again = new Set(await handle(waiting));
          waiting = waiting.filter(({ messageId }) => again.has(messageId));
          clock.ms += 60_000;
        }
        expect(done).toEqual([1, 2, 3, 4]);
      }),
    );
  });
});

import type { JobRow } from '../../job-store/row.ts';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { sampleMessage } from '../../testing/workbench.ts';
import { UnsendableError } from '../lane/returns.ts';
import { LINES_A_RECORD, replays } from './run.ts';

const SINCE = new Date('2026-11-27T12:00:00Z');
const failed = { status: 'FAILED', attempt: 2, archiveKey: 'failed/1.json' } as JobRow;

/** Replays jobs whose lane is of a kind. @returns the result, the records, and what was done in order */
async function replay(ids: readonly string[], lane: 'standard' | 'ordered', sending: (id: string) => Promise<void>) {
  const did: string[] = [];
  const payloads = memoryBucket();
  const { objects } = payloads;
  const run = replays({
    reads: {
      rowsOf: async () => ({ row: failed, parked: undefined }),
      list: async () => ({ rows: [] }),
      count: async () => ({ matched: 0, complete: true }),
      jobsOf: async () => [],
      // biome-ignore lint/correctness/useYield: only named jobs are replayed
      oldestFirst: async function* () {
        throw new Error('nothing is searched');
      },
    },
    store: {
      reopen: async ({ id }) => did.push(`reopen ${id}`) > 0,
      markReplayedAs: async () => true,
      markParked: async () => undefined,
      unblock: async () => false,
    },
    show: async () => true,
    archive: { get: async () => JSON.stringify({ lane, message: sampleMessage() }) },
    payloads,
    send: async (_, __, id) => {
      await sending(id);
      did.push(`send ${id}`);
    },
    now: () => SINCE,
  });
  const job = { id: 'replay-1', acceptedAt: SINCE, progress: () => undefined };
  const jobs = ids.map((jobId) => ({ tenant: 'tenant-1', type: 'sample', jobId }));
  const result = await run({ jobs, ratePerSecond: 1_000_000 }, job as never);
  const state = objects.get('replays/replay-1/state.json') ?? '';
  const texts = result.records.map((key) => objects.get(key) ?? '').join('');
  return {
    result,
    did,
    state,
    records: texts
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

describe('a replay of several failures', () => {
  it.each(['standard', 'ordered'] as const)(
    'refuses a message that its %s lane will never take, and replays the others',
    async (lane) => {
      const { result, did, records } = await replay(['a', 'b', 'c'], lane, async (id) => {
        if (id === 'b') throw new UnsendableError('it is too long');
      });
      expect(result).toMatchObject({ replayed: 2, refused: 1 });
      expect(records.map(({ jobId, outcome, code }) => [jobId, outcome, code])).toEqual([
        ['a', 'replayed', undefined],
        ['b', 'refused', 'UNSENDABLE'],
        ['c', 'replayed', undefined],
      ]);
      expect(records[1].message).toContain('it is too long');
      expect(did.toSorted()).toEqual(['reopen a', 'reopen c', 'send a', 'send c']);
    },
  );

  it('sends messages of an ordered lane one after the other, however long each takes', async () => {
    const left = ['a', 'b', 'c'];
    const { did } = await replay([...left], 'ordered', async () => {
      for (let turns = left.length; turns > 0; turns -= 1) await Promise.resolve();
      left.pop();
    });
    expect(did.filter((each) => each.startsWith('send'))).toEqual(['send a', 'send b', 'send c']);
    expect(did.indexOf('reopen a')).toBeLessThan(did.indexOf('send b'));
  });

  it('has few records of many jobs, and a state that does not grow with them', async () => {
    const ids = Array.from({ length: LINES_A_RECORD + 150 }, (_, index) => `job-${index}`);
    const { result, records, state } = await replay(ids, 'standard', async () => undefined);
    expect(result).toMatchObject({
      replayed: ids.length,
      records: ['replays/replay-1/1.jsonl', 'replays/replay-1/2.jsonl'],
    });
    expect(records.map(({ jobId }) => jobId)).toEqual(ids);
    expect(state.length).toBeLessThan(200);
  });

  it('fails, to go on in its next attempt, when a lane does not take a message now', async () => {
    const sending = replay(['a'], 'standard', async () => {
      throw new Error('throttled');
    });
    await expect(sending).rejects.toThrow('throttled');
  });
});

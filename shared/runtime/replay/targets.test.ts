import type { FailureEntry, FailureFilter } from '../../job-store/failures.ts';
import { countTargets, type Position, targetsOf } from './targets.ts';

const SINCE = new Date('2026-11-27T12:00:00.000Z');
const before = '2026-11-27T11:00:00.000Z';

/** The failures of types, oldest first, and notes of how they were looked for. */
function index(failures: Record<string, Partial<FailureEntry>[]>) {
  const looked: { type: string; filter: FailureFilter; from: string | undefined }[] = [];
  const entriesOf = (type: string) =>
    (failures[type] ?? []).map((entry, n) => ({
      pk: `${type}-${n}`,
      failureSort: `${type}#${n}`,
      failureCode: '',
      ...entry,
    }));
  return {
    looked,
    async *oldestFirst(type: string, filter: FailureFilter, from?: string) {
      looked.push({ type, filter, from });
      yield entriesOf(type).filter(({ failureSort }) => from === undefined || failureSort > from);
    },
    jobsOf: async (entries: readonly { pk: string }[]) =>
      entries.map(({ pk }) => ({ tenant: 't', type: '', id: pk, parked: false })),
    count: async (types: readonly string[], filter: FailureFilter) => {
      looked.push(...types.map((type) => ({ type, filter, from: undefined })));
      return { matched: 7, complete: true };
    },
  };
}

type Input = Parameters<typeof targetsOf>[0];
async function found(reads: ReturnType<typeof index>, input: Omit<Input, 'ratePerSecond'>, position?: Position) {
  const ids: string[] = [];
  for await (const chunk of targetsOf({ ...input, ratePerSecond: 1 }, SINCE, position, reads)) {
    ids.push(...chunk.targets.map(({ id }) => id));
  }
  return ids;
}

describe('what a replay is about', () => {
  it('is the failures of its types, the oldest first, also those that it has replayed itself, for its records', async () => {
    const reads = index({ a: [{}, { replayedAt: before }, { replayedAt: SINCE.toISOString() }], b: [{}] });
    expect(await found(reads, { types: ['a', 'b'] })).toEqual(['a-0', 'a-2', 'b-0']);
  });

  it('goes on behind the last failure of a type, and then with the whole next type', async () => {
    const reads = index({ a: [{}], b: [{}, {}], c: [{}] });
    const position = { index: 1, failureSort: 'b#0' };
    expect(await found(reads, { types: ['a', 'b', 'c'] }, position)).toEqual(['b-1', 'c-0']);
    expect(reads.looked.map(({ type, from }) => [type, from])).toEqual([
      ['b', 'b#0'],
      ['c', undefined],
    ]);
  });

  it.each([
    ['2026-11-27T13:00:00.000Z', SINCE],
    [before, new Date(before)],
    [undefined, SINCE],
  ])('is never what failed after it was asked for, with a filter up to %s', async (to, end) => {
    const reads = index({});
    const input = { types: ['a'], filter: { ...(to && { to }) }, ratePerSecond: 1 };
    await found(reads, input);
    expect(await countTargets(input, SINCE, reads)).toBe(7);
    expect(reads.looked.map(({ filter }) => filter.to)).toEqual([end, end]);
  });

  it('is the named jobs in their order, in chunks of a hundred, from a position on', async () => {
    const jobs = Array.from({ length: 150 }, (_, n) => ({ tenant: 't', type: 'a', jobId: `job-${n}` }));
    const positions: number[] = [];
    for await (const { position } of targetsOf({ jobs, ratePerSecond: 1 }, SINCE, undefined, index({}))) {
      positions.push(position.index);
    }
    expect(positions).toEqual([100, 200]);
    expect(await found(index({}), { jobs }, { index: 100 })).toEqual(jobs.slice(100).map(({ jobId }) => jobId));
    expect(await countTargets({ jobs, ratePerSecond: 1 }, SINCE, index({}))).toBe(150);
  });
});

import type { JobStatus } from '../../contracts/job.ts';
import type { InputOf } from '../../contracts/job-type.ts';
import contract from '../../contracts/jobs/cancel-jobs.ts';
import type { CancelAnswer } from '../../job-store/cancels.ts';
import type { MatchedChunk } from '../../job-store/matches.ts';
import type { JobRow } from '../../job-store/row.ts';
import { memoryBucket } from '../../testing/memory-bucket.ts';
import { sampleJob } from '../../testing/sample-job.ts';
import { cancellations } from './run.ts';

const input: InputOf<typeof contract> = { type: 'sample', search: [], stops: true };
const position = (n: number) => `2026-11-27T12:00:00.000Z#${String(n).padStart(16, '0')}`;
const row = (n: number, status: JobStatus = 'QUEUED') =>
  ({ jobId: `job-${n}`, status, history: [], listSort: position(n) }) as unknown as MatchedChunk['rows'][number];
const settled = { acceptedAt: '2026-11-27T12:00:00Z', settledAt: '2026-11-27T12:00:01Z' } as JobRow;

/** A bucket, an index with a chunk of rows for each list, and notes of what was cancelled. */
function bench(chunks: MatchedChunk['rows'][], answerOf: (id: string) => CancelAnswer['kind'] = () => 'cancelled') {
  const payloads = memoryBucket();
  const cancelled: string[] = [];
  const clock = { ms: Date.parse('2026-11-27T12:00:10Z'), perChunkMs: 0 };
  const run = cancellations({
    matches: {
      countEntries: async () => chunks.flat().length,
      async *oldestFirst(_, from) {
        for (const rows of chunks) {
          const last = rows.at(-1)?.listSort ?? '';
          if (from !== undefined && last <= from) continue;
          clock.ms += clock.perChunkMs;
          yield { rows, lookedAt: rows.length, position: last };
        }
      },
    },
    cancel: async ({ id }) => {
      cancelled.push(id);
      return { kind: answerOf(id), row: settled, outcome: 'SUCCEEDED' } as CancelAnswer;
    },
    payloads,
    observerFor: () => ({ settled: () => undefined, flush: () => undefined }),
    now: () => new Date(clock.ms),
  });
  const lines = () =>
    [...payloads.objects]
      .filter(([key]) => key.endsWith('.jsonl'))
      .flatMap(([, text]) => text.trim().split('\n'))
      .map((line) => JSON.parse(line));
  return { run: (given = input) => run(given, sampleJob({ type: contract.name })), cancelled, clock, lines };
}

describe('cancelling many jobs', () => {
  it('counts what was cancelled, asked to stop and refused, and records each with the reason', async () => {
    const answers: Record<string, CancelAnswer['kind']> = { 'job-2': 'requested', 'job-3': 'settled' };
    const { run, lines } = bench([[row(1), row(2), row(3)], [row(4)]], (id) => answers[id] ?? 'cancelled');
    expect(await run()).toMatchObject({ cancelled: 2, requested: 1, refused: 1, records: [expect.any(String)] });
    expect(lines()).toEqual([
      { jobId: 'job-1', outcome: 'cancelled' },
      { jobId: 'job-2', outcome: 'requested' },
      { jobId: 'job-3', outcome: 'refused', code: 'ALREADY_SUCCEEDED', message: expect.stringContaining('SUCCEEDED') },
      { jobId: 'job-4', outcome: 'cancelled' },
    ]);
  });

  it('says of a running job that nothing can stop its workflow', async () => {
    const { run, lines } = bench([[row(1, 'RUNNING')]], () => 'requested');
    await run({ ...input, stops: false });
    expect(lines()).toEqual([
      {
        jobId: 'job-1',
        outcome: 'requested',
        code: 'NOT_STOPPABLE',
        message: expect.stringContaining('runs to its end'),
      },
    ]);
  });

  it('does not touch jobs that were settled after the request, and records how', async () => {
    const { run, lines, cancelled } = bench([[row(1, 'CANCELLED'), row(2, 'EXPIRED')]]);
    expect(await run()).toMatchObject({ cancelled: 1, refused: 1 });
    expect(cancelled).toEqual([]);
    expect(lines()).toMatchObject([{ outcome: 'cancelled' }, { code: 'ALREADY_EXPIRED' }]);
  });

  it('goes on in the next attempt where its time was up, and counts every job once', async () => {
    const { run, clock, cancelled, lines } = bench([[row(1)], [row(2)], [row(3)]]);
    clock.perChunkMs = 400_000;
    await expect(run()).rejects.toMatchObject({ name: 'RetryLaterError', code: 'GOES_ON' });
    expect(await run()).toMatchObject({ cancelled: 3, refused: 0 });
    expect(cancelled).toEqual(['job-1', 'job-2', 'job-3']);
    expect(lines()).toHaveLength(3);
  });

  it('does again what a crashed attempt had not saved', async () => {
    const many = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => row(first + index));
    let crashes = true;
    const { run, lines } = bench([many(1, 1000), many(1001, 1100)], (id) => {
      if (crashes && id === 'job-1050') throw new Error('crashed');
      return 'cancelled';
    });
    await expect(run()).rejects.toThrow('crashed');
    expect(lines()).toHaveLength(1000);
    crashes = false;
    expect(await run()).toMatchObject({ cancelled: 1100, records: [expect.any(String)] });
    expect(lines()).toHaveLength(1100);
  });

  it('succeeds with nothing for a filter that no job fits', async () => {
    expect(await bench([]).run()).toEqual({ cancelled: 0, requested: 0, refused: 0, records: [] });
  });
});

import type { BatchGetCommandInput, DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { type FailureFilter, failureOf, failureReads } from './failures.ts';
import { ALL_FAILURES_INDEX, failureKeys, jobKey, parkedKey } from './keys.ts';
import type { JobRow } from './row.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const TYPES = ['csv-import', 'webhook-delivery'];

interface Sample {
  tenant: string;
  type: string;
  code: string;
  parked: boolean;
  replayed: boolean;
}

const FORTY = Array<Sample>(40).fill({ tenant: 'a', type: 'csv-import', code: 'DOWN', parked: false, replayed: false });

/** The rows of failures that happened one after the other, a millisecond apart. */
const rowsOf = (samples: readonly Sample[]) =>
  samples.map(({ tenant, type, code, parked, replayed }, n) => {
    const job = { tenant, type, id: `job-${n}` };
    const { pk } = parked ? parkedKey(job) : jobKey(job);
    return {
      pk,
      ...failureKeys(pk, type, new Date(START + n)),
      tenant,
      type,
      jobId: job.id,
      error: { code, message: 'later' },
      failureCode: code,
      ...(replayed && {
        replayedAt: '2026-11-26T13:00:00.000Z',
        failures: [{ generation: 1, error: { code, message: 'first' } }],
      }),
    };
  });

/** DynamoDB with these rows. Its pages hold few entries. */
function tableWith(rows: ReturnType<typeof rowsOf>, pageSize: number) {
  const calls = { queries: 0 };
  const query = ({ IndexName, ExpressionAttributeValues: values, ScanIndexForward, Limit = 0 }: QueryCommandInput) => {
    calls.queries += 1;
    const hash = IndexName === ALL_FAILURES_INDEX.IndexName ? 'failureShard' : 'failureKey';
    const found = rows
      .filter(({ [hash]: partition, failureSort }) => {
        const { ':key': key, ':low': low, ':high': high } = values as Record<string, string>;
        return partition === key && failureSort >= (low ?? '') && failureSort <= (high ?? '');
      })
      .sort((a, b) => (a.failureSort < b.failureSort === ScanIndexForward ? -1 : 1));
    const Items = found.slice(0, Math.min(Limit, pageSize));
    return { Items, ...(Items.length < found.length && { LastEvaluatedKey: Items.at(-1) }) };
  };
  const batchGet = ({ RequestItems }: BatchGetCommandInput) => ({
    Responses: { jobs: rows.filter(({ pk }) => RequestItems?.jobs?.Keys?.some((key) => key.pk === pk)) },
  });
  const send = async ({ input }: { input: QueryCommandInput | BatchGetCommandInput }) =>
    'RequestItems' in input ? batchGet(input) : query(input as QueryCommandInput);
  return { calls, ...failureReads({ send } as unknown as DynamoDBDocumentClient, 'jobs') };
}

const sample = fc.record({
  tenant: fc.constantFrom('a', 'b', 'a-b'),
  type: fc.constantFrom(...TYPES),
  code: fc.constantFrom('DOWN', 'INPUT_REFUSED'),
  parked: fc.boolean(),
  replayed: fc.boolean(),
});
const filter = fc.record(
  {
    tenant: fc.constantFrom('a', 'b'),
    code: fc.constantFrom('DOWN', 'INPUT_REFUSED'),
    from: fc.integer({ min: 0, max: 60 }).map((n) => new Date(START + n)),
    to: fc.integer({ min: 0, max: 60 }).map((n) => new Date(START + n)),
    replayed: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** The indexes of the failures that fit, as the filter means it. */
const expected = (samples: readonly Sample[], type: string | undefined, wanted: FailureFilter) =>
  samples.flatMap((each, n) =>
    (type ?? each.type) === each.type &&
    (wanted.tenant ?? each.tenant) === each.tenant &&
    (wanted.code ?? each.code) === each.code &&
    START + n >= (wanted.from?.getTime() ?? 0) &&
    START + n < (wanted.to?.getTime() ?? Number.POSITIVE_INFINITY) &&
    (wanted.replayed ?? each.replayed) === each.replayed
      ? [n]
      : [],
  );
const indexOf = (jobId: string) => Number(jobId.slice('job-'.length));

describe('the failures of all tenants', () => {
  it('lists every failure that fits a filter once, newest first, and counts them, whatever the sizes of pages are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { maxLength: 60 }),
        filter,
        fc.constantFrom(undefined, ...TYPES),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(1, 3, 100),
        async (samples, wanted, type, limit, pageSize) => {
          const { list, count } = tableWith(rowsOf(samples), pageSize);
          const found: number[] = [];
          let cursor: string | undefined;
          do {
            const page = await list(type, wanted, { limit, cursor });
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            found.push(...page.rows.map(({ jobId }) => indexOf(jobId)));
            cursor = page.cursor;
          } while (cursor);
          const all = expected(samples, type, wanted);
          expect(found).toEqual([...all].reverse());
          expect(await count(type ? [type] : TYPES, wanted, () => false)).toEqual({
            matched: all.length,
            complete: true,
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds a page of the newest failures by 16 queries, however many job types there are', async () => {
    const types = Array.from({ length: 100 }, (_, n) => `type-${n}`);
    const one = { tenant: 'a', code: 'DOWN', parked: false, replayed: false };
    const samples = types.flatMap((type) => Array<Sample>(5).fill({ ...one, type }));
    const { list, calls } = tableWith(rowsOf(samples), 100);
    const { rows, cursor } = await list(undefined, {}, { limit: 50 });
    expect(rows.map(({ jobId }) => indexOf(jobId))).toEqual(Array.from({ length: 50 }, (_, n) => 499 - n));
    expect(cursor).toBeDefined();
    expect(calls.queries).toBe(16);
  });

  it('goes through the failures of a type from the oldest on, and continues behind a position', async () => {
    const rows = rowsOf(FORTY);
    const { oldestFirst } = tableWith(rows, 3);
    const ids = async (from?: string) => {
      const found: number[] = [];
      for await (const entries of oldestFirst('csv-import', {}, from)) {
        found.push(...entries.map(({ pk }) => rows.findIndex((row) => row.pk === pk)));
      }
      return found;
    };
    const all = FORTY.map((_, n) => n);
    expect(await ids()).toEqual(all);
    expect(await ids(rows[17]?.failureSort)).toEqual(all.slice(18));
  });

  it('stops counting when it has counted for long enough, and says that it has not counted all', async () => {
    const { matched, complete } = await tableWith(rowsOf(FORTY), 1).count(TYPES, {}, () => true);
    expect(matched).toBeLessThan(40);
    expect(complete).toBe(false);
  });

  it('shows the failure that was replayed, not what went wrong afterwards', async () => {
    const one = { tenant: 'a', type: 'csv-import', code: 'DOWN', parked: false };
    const { list } = tableWith(
      rowsOf([
        { ...one, replayed: false },
        { ...one, replayed: true },
      ]),
      10,
    );
    const { rows } = await list(undefined, {}, { limit: 10 });
    expect(rows).toEqual([
      expect.objectContaining({ jobId: 'job-1', message: 'first', replayedAt: '2026-11-26T13:00:00.000Z' }),
      {
        tenant: 'a',
        type: 'csv-import',
        jobId: 'job-0',
        code: 'DOWN',
        message: 'later',
        failedAt: '2026-11-26T12:00:00.000Z',
      },
    ]);
  });

  it('shows the newest failure of a job that was replayed as a new job, whose id it names', () => {
    const first = { generation: 1, error: { code: 'DOWN', message: 'first' } };
    const failed = { error: { code: 'DOWN', message: 'later' }, failures: [first], replayedAs: 'new-1' };
    const row = { tenant: 'a', type: 'csv-import', jobId: 'j', replayedAt: '2026-11-26T13:00:00.000Z', ...failed };
    expect(failureOf(row as unknown as JobRow)).toMatchObject({ message: 'later', replayedAs: 'new-1' });
  });
});

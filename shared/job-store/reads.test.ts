import type { BatchGetCommandInput, DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { JobStatus } from '../contracts/job.ts';
import { jobKey, LIST_INDEX, listKeys } from './keys.ts';
import { jobReads } from './reads.ts';

const TYPE = 'csv-import';
const START = Date.parse('2026-11-26T12:00:00Z');

/** The table's rows of the jobs with these statuses, accepted one after the other. */
function rowsOf(statuses: readonly JobStatus[]) {
  return statuses.map((status, n) => {
    const job = { tenant: 't', type: TYPE, id: `job-${n}` };
    const acceptedAt = new Date(START + n);
    const keys = listKeys(job, acceptedAt);
    return {
      ...jobKey(job),
      ...keys,
      ...(status === 'FAILED' && { failedKey: keys.listKey }),
      jobId: job.id,
      status,
      acceptedAt: acceptedAt.toISOString(),
    };
  });
}

/** DynamoDB with these rows; it processes only some of the keys of a batch. */
function tableWith(rows: ReturnType<typeof rowsOf>, processed = 1) {
  const counts = { keys: 0 };
  const expired = new Set<string>();
  const query = (input: QueryCommandInput) => {
    const {
      ':key': key,
      ':low': low = '',
      ':high': high = '',
    } = input.ExpressionAttributeValues as Record<string, string>;
    const hash = input.IndexName === LIST_INDEX.IndexName ? 'listKey' : 'failedKey';
    const found = rows
      .filter((row) => row[hash] === key && row.listSort >= low && row.listSort <= high)
      .sort((a, b) => (a.listSort < b.listSort ? 1 : -1));
    const Items = found.slice(0, input.Limit).map(({ pk, listSort }) => ({ pk, listSort }));
    return { Items, ...(found.length >= (input.Limit ?? 0) && { LastEvaluatedKey: Items.at(-1) }) };
  };
  const batchGet = ({ RequestItems }: BatchGetCommandInput) => {
    const keys = RequestItems?.jobs?.Keys ?? [];
    expect(keys.length).toBeLessThanOrEqual(100);
    counts.keys += keys.length;
    const done = Math.ceil(keys.length * processed);
    const found = keys
      .slice(0, done)
      .flatMap(({ pk }) => rows.find((row) => row.pk === pk && !expired.has(row.jobId)) ?? []);
    return {
      // in no particular order, as DynamoDB answers
      Responses: { jobs: found.reverse() },
      ...(done < keys.length && { UnprocessedKeys: { jobs: { Keys: keys.slice(done) } } }),
    };
  };
  const send = async ({ input }: { input: QueryCommandInput | BatchGetCommandInput }) =>
    'RequestItems' in input ? batchGet(input) : query(input as QueryCommandInput);
  const expire = (jobId: string) => void expired.add(jobId);
  return { counts, expire, ...jobReads({ send } as unknown as DynamoDBDocumentClient, 'jobs') };
}

/** All pages of a list. */
async function allPages({ list }: ReturnType<typeof tableWith>, limit: number, status?: JobStatus) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ tenant: 't', type: TYPE, limit, status, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows.map(({ jobId }) => jobId));
    cursor = page.cursor;
  } while (cursor);
  return ids;
}

const status = fc.constantFrom<JobStatus>('QUEUED', 'RUNNING', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED');

describe('a list of jobs', () => {
  it('lists every job once, newest first, whatever the page size, the status and the keys that DynamoDB leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(status, { maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.option(status, { nil: undefined }),
        fc.constantFrom(1, 0.7),
        async (statuses, limit, wanted, processed) => {
          const rows = rowsOf(statuses);
          const expected = rows
            .filter((row) => wanted === undefined || row.status === wanted)
            .map(({ jobId }) => jobId);
          expect(await allPages(tableWith(rows, processed), limit, wanted)).toEqual(expected.reverse());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out jobs whose rows have expired since their index entries were read', async () => {
    const rows = rowsOf(Array(20).fill('SUCCEEDED'));
    const table = tableWith(rows);
    table.expire('job-10');
    const ids = await allPages(table, 7);
    expect(ids).toHaveLength(19);
    expect(ids).not.toContain('job-10');
  });

  it('reads as many rows as a page shows, and finds a single failed job among many without reading the others', async () => {
    const statuses = Array<JobStatus>(3000).fill('SUCCEEDED');
    statuses[7] = 'FAILED';
    const table = tableWith(rowsOf(statuses));
    await table.list({ tenant: 't', type: TYPE, limit: 50 });
    expect(table.counts.keys).toBe(50);
    const { rows } = await table.list({ tenant: 't', type: TYPE, limit: 50, status: 'FAILED' });
    expect([rows.map(({ jobId }) => jobId), table.counts.keys]).toEqual([['job-7'], 51]);
  });

  it('reads a limited number of rows for a page of a rare status', async () => {
    const table = tableWith(rowsOf(Array(3000).fill('SUCCEEDED')));
    const { rows, cursor } = await table.list({ tenant: 't', type: TYPE, limit: 50, status: 'RUNNING' });
    expect(rows).toEqual([]);
    expect(cursor).toBeDefined();
    expect(table.counts.keys).toBeLessThanOrEqual(1100);
  });
});

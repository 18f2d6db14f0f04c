import type { BatchGetCommandInput, DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { findKeys } from './find-index.ts';
import { jobKey, listKeys } from './keys.ts';
import { type JobMatch, jobMatches, statusAt } from './matches.ts';
import type { JobRow } from './row.ts';

const AT = new Date('2026-11-27T12:00:00Z');
const before = (minutes: number) => new Date(AT.getTime() - minutes * 60_000);
const all: JobMatch = { tenant: 't', type: 'sample', search: [], at: AT };
const term = (field: string, value: string, position: number) => ({ field, value, position });

type Row = Record<string, unknown>;

/** A job's row. @param terms its values of search keys @param states the states it entered, with the minutes before {@link AT} */
function rowOf(id: string, acceptedMinutes: number, states: [JobRow['status'], number][], terms: string[] = []): Row {
  const job = { tenant: 't', type: 'sample', id };
  const found = terms.map((value, index) => ({ field: `f${index}`, value }));
  return {
    ...jobKey(job),
    ...listKeys(job, before(acceptedMinutes)),
    ...findKeys(job, found),
    jobId: id,
    status: states.at(-1)?.[0] ?? 'QUEUED',
    history: states.map(([status, minutes]) => ({ status, at: before(minutes).toISOString() })),
  };
}

/** The ids of the rows that match, and how many entries of an index were looked at for that. */
async function found(rows: Row[], match: Partial<JobMatch> = {}, from?: string) {
  const query = ({ IndexName = '', ExpressionAttributeValues }: QueryCommandInput) => {
    const hash = IndexName === 'by-type' ? 'listKey' : IndexName.replace('-', '');
    const { ':key': key, ':low': low, ':high': high } = ExpressionAttributeValues as Record<string, string>;
    const inRange = ({ listSort }: Row) => String(listSort) >= String(low) && String(listSort) <= String(high);
    return { Items: rows.filter((row) => row[hash] === key && inRange(row)) };
  };
  const batchGet = ({ RequestItems }: BatchGetCommandInput) => ({
    Responses: { jobs: rows.filter(({ pk }) => RequestItems?.jobs?.Keys?.some((key) => key.pk === pk)) },
  });
  const send = async ({ input }: { input: QueryCommandInput | BatchGetCommandInput }) =>
    'RequestItems' in input ? batchGet(input) : query(input as QueryCommandInput);
  const matches = jobMatches({ send } as unknown as DynamoDBDocumentClient, 'jobs');
  const ids: string[] = [];
  let lookedAt = 0;
  for await (const chunk of matches.oldestFirst({ ...all, ...match }, from)) {
    ids.push(...chunk.rows.map(({ jobId }) => jobId));
    lookedAt += chunk.lookedAt;
  }
  const counted = await matches.count({ ...all, ...match }, () => false);
  if (from === undefined) expect(counted).toEqual({ matched: ids.length, complete: true });
  if (from === undefined) expect(await matches.countEntries({ ...all, ...match })).toBe(lookedAt);
  return { ids, lookedAt };
}

describe('the jobs that match', () => {
  const rows = [
    rowOf('done', 60, [
      ['RUNNING', 59],
      ['SUCCEEDED', 58],
    ]),
    rowOf('running', 50, [['RUNNING', 49]], ['a', 'x']),
    rowOf(
      'queued',
      40,
      [
        ['RUNNING', 39],
        ['QUEUED', 38],
      ],
      ['a', 'y'],
    ),
    rowOf(
      'waiting',
      30,
      [
        ['RUNNING', 29],
        ['WAITING', 28],
      ],
      ['b', 'x'],
    ),
    rowOf('scheduled', 20, [['SCHEDULED', 19]]),
  ];

  it('are those without an outcome, the oldest first', async () => {
    expect((await found(rows)).ids).toEqual(['running', 'queued', 'waiting', 'scheduled']);
  });

  it('are found by status, by the time of acceptance and by several search keys at once', async () => {
    const ids = async (match: Partial<JobMatch>) => (await found(rows, match)).ids;
    expect(await ids({ status: 'QUEUED' })).toEqual(['queued']);
    expect(await ids({ from: before(40), to: before(20) })).toEqual(['queued', 'waiting']);
    expect(await ids({ search: [term('f0', 'a', 0)] })).toEqual(['running', 'queued']);
    expect(await ids({ search: [term('f0', 'a', 0), term('f1', 'y', 1)] })).toEqual(['queued']);
    expect(await ids({ search: [term('f1', 'x', 1)], status: 'WAITING' })).toEqual(['waiting']);
    expect(await ids({ search: [term('f0', 'c', 0)] })).toEqual([]);
  });

  it('are looked for only among those with the value of the first search key', async () => {
    expect((await found(rows, { search: [term('f0', 'a', 0), term('f1', 'y', 1)] })).lookedAt).toBe(2);
  });

  it('are those of the moment of the request: later jobs are not, what changed since then is', async () => {
    const changed = [
      rowOf('later', -1, []),
      rowOf('started since', 5, [['RUNNING', -1]]),
      rowOf('settled since', 6, [
        ['RUNNING', 5],
        ['SUCCEEDED', -1],
      ]),
      rowOf('cancelled since', 7, [['CANCELLED', -1]]),
      rowOf('replayed since', 8, [
        ['RUNNING', 7],
        ['FAILED', 6],
        ['QUEUED', -1],
      ]),
    ];
    expect((await found(changed)).ids).toEqual(['cancelled since', 'settled since', 'started since']);
    expect((await found(changed, { status: 'QUEUED' })).ids).toEqual(['cancelled since', 'started since']);
    expect((await found(changed, { status: 'RUNNING' })).ids).toEqual(['settled since']);
  });

  it('go on behind a position', async () => {
    const { listSort } = rows[1] ?? {};
    expect((await found(rows, {}, String(listSort))).ids).toEqual(['queued', 'waiting', 'scheduled']);
  });
});

it('a job that no consumer had seen at a time was QUEUED then', () => {
  expect(statusAt({ history: [] }, AT)).toBe('QUEUED');
  expect(statusAt({ history: [{ status: 'RUNNING', at: before(-1).toISOString() }] }, AT)).toBe('QUEUED');
  expect(statusAt({ history: [{ status: 'RUNNING', at: AT.toISOString() }] }, AT)).toBe('RUNNING');
});

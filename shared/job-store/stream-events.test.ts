import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { parkedKey } from './keys.ts';
import { eventsOf } from './stream-events.ts';

const row = {
  pk: 't#csv-import#1',
  tenant: 't',
  type: 'csv-import',
  jobId: '1',
  status: 'RUNNING',
  attempt: 1,
  revision: 1,
  acceptedAt: '2026-11-23T10:00:00.000Z',
  history: [{ status: 'RUNNING', at: '2026-11-23T10:00:01.000Z' }],
  traceId: 'a'.repeat(32),
};
/** The row after it entered a status. */
const entering = (status: string, changes: object = {}, from: typeof row = row) => ({
  ...from,
  status,
  revision: from.revision + 1,
  history: [...from.history, { status, at: '2026-11-23T10:00:02.000Z' }],
  ...changes,
});
const settled = { settledAt: '2026-11-23T10:00:02.000Z' };
const error = { code: 'Error', message: 'no' };
const waitingFor = {
  for: 'decision',
  question: 'Publish?',
  since: '2026-11-23T10:00:02.000Z',
  until: '2026-11-24T10:00:02.000Z',
};
const waiting = entering('WAITING', { waitingFor });
const reminded = { ...waiting, revision: 3, waitingFor: { ...waitingFor, remindedAt: '2026-11-23T22:00:02.000Z' } };
const record = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', before: object | undefined, after: object | undefined) =>
  ({
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: 1_790_000_000,
      ...(before && { OldImage: marshall(before) }),
      ...(after && { NewImage: marshall(after) }),
    },
  }) as DynamoDBRecord;

/** The event of what a change says; the first of a row comes after the one that the job was accepted. */
const eventOf = (change: DynamoDBRecord) => eventsOf(change).at(-1);

describe('an event', () => {
  it.each([
    ['job.started', undefined, row],
    ['job.scheduled', undefined, { ...row, status: 'SCHEDULED', attempt: 0, runAfter: '2026-11-24T10:00:00.000Z' }],
    ['job.queued', { ...row, status: 'SCHEDULED' }, entering('QUEUED')],
    ['job.retrying', row, entering('QUEUED', { error })],
    ['job.succeeded', row, entering('SUCCEEDED', settled)],
    ['job.failed', undefined, { ...row, ...settled, error, status: 'FAILED', attempt: 0 }],
    ['job.cancelled', row, entering('CANCELLED', settled)],
    ['job.replayed', { ...row, status: 'FAILED' }, entering('QUEUED', { generation: 2 })],
    ['job.progressed', row, { ...row, revision: 2, progress: { done: 1, total: 2 } }],
    ['job.started', row, entering('RUNNING', { attempt: 2 })],
    ['job.waiting', row, waiting],
    ['job.reminded', waiting, reminded],
    ['job.decided', reminded, entering('RUNNING', {}, reminded)],
    ['job.conflicted', row, { ...row, revision: 2, conflictCount: 1, conflictedAt: '2026-11-23T10:00:09.000Z' }],
    ['job.expired', waiting, entering('EXPIRED', settled, waiting)],
  ])('makes a %s event of a change of a row', (type, before, after) => {
    expect(eventOf(record(before ? 'MODIFY' : 'INSERT', before, after))?.type).toBe(type);
  });

  it('says with the first write of a row that the job was accepted, and then what the write says', () => {
    const events = eventsOf(record('INSERT', undefined, row));
    expect(events.map(({ type, time, data: { revision, attempt } }) => [type, time, revision, attempt])).toEqual([
      ['job.accepted', row.acceptedAt, 0, 0],
      ['job.started', '2026-11-23T10:00:01.000Z', 1, 1],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(eventsOf(record('MODIFY', row, entering('SUCCEEDED', settled)))).toHaveLength(1);
  });

  it('has a link to the job and neither its result nor other columns of the row', () => {
    const ended = entering('SUCCEEDED', {
      ...settled,
      result: { json: '"secret"' },
      bodyDigest: 'digest',
      jobId: 'a/b',
    });
    const event = eventOf(record('MODIFY', row, ended));
    expect(event?.data.links).toEqual({ self: '/jobs/csv-import/a%2Fb' });
    expect(JSON.stringify(event)).not.toMatch(/secret|digest/);
  });

  it('refuses a change that lacks what its event must say', () => {
    expect(() => eventsOf(record('MODIFY', row, entering('FAILED', settled)))).toThrow();
  });

  it('reports a latency of 0 if clocks differ and a job seems to settle before it was accepted', () => {
    const early = { ...row, status: 'FAILED', error, settledAt: '2026-11-23T09:59:59.999Z' };
    expect(eventOf(record('INSERT', undefined, early))?.data.latencyMs).toBe(0);
  });

  it('says in an event what a job waits for', () => {
    expect(eventOf(record('MODIFY', row, waiting))?.data.waitingFor).toEqual(waitingFor);
    expect(eventOf(record('MODIFY', waiting, reminded))).toMatchObject({
      time: '2026-11-23T22:00:02.000Z',
      data: { waitingFor: { remindedAt: '2026-11-23T22:00:02.000Z' } },
    });
  });

  it('says in the event of a conflict when it came and how many there were, also after the outcome', () => {
    const once = { ...row, status: 'SUCCEEDED', conflictCount: 1, conflictedAt: '2026-11-23T10:00:08.000Z' };
    const again = { ...once, revision: 3, conflictCount: 2, conflictedAt: '2026-11-23T10:00:09.000Z' };
    expect(eventOf(record('MODIFY', once, again))).toMatchObject({
      type: 'job.conflicted',
      time: '2026-11-23T10:00:09.000Z',
      data: { conflicts: { count: 2, lastAt: '2026-11-23T10:00:09.000Z' } },
    });
  });

  it('gives an event the same id for the same job and revision, and another id for the next revision', () => {
    const first = eventOf(record('INSERT', undefined, row));
    expect(eventOf(record('INSERT', undefined, row))?.id).toBe(first?.id);
    expect(eventOf(record('MODIFY', row, entering('SUCCEEDED', settled)))?.id).not.toBe(first?.id);
  });

  it('gives an event another id if its job id was used before, in a row that has expired', () => {
    const again = { ...row, acceptedAt: '2026-12-24T10:00:00.000Z' };
    const ids = [row, again].flatMap((each) => eventsOf(record('INSERT', undefined, each)).map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
  });

  it('makes no event of an expired row or of a write without a new revision', () => {
    expect(eventsOf(record('REMOVE', row, undefined))).toEqual([]);
    expect(eventsOf(record('MODIFY', row, { ...row, expiresAt: 1 }))).toEqual([]);
  });

  it('makes no event of the row of a parked message', () => {
    const { pk } = parkedKey({ tenant: 't', type: 'csv-import', id: '1' });
    expect(eventsOf(record('INSERT', undefined, { pk, tenant: 't', type: 'csv-import' }))).toEqual([]);
  });

  it('refuses to make an event of a row that is not a job', () => {
    expect(() => eventOf(record('INSERT', undefined, { pk: 'x' }))).toThrow();
    expect(() => eventOf(record('INSERT', undefined, { ...row, status: 'LOST' }))).toThrow();
  });
});

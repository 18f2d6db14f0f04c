import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { parkedKey } from './keys.ts';
import { eventOf } from './stream-events.ts';

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

describe('an event', () => {
  it.each([
    ['job.started', undefined, row],
    ['job.retrying', row, entering('QUEUED')],
    ['job.succeeded', row, entering('SUCCEEDED')],
    ['job.failed', undefined, { ...row, status: 'FAILED', attempt: 0 }],
    ['job.progressed', row, { ...row, revision: 2, progress: { done: 1, total: 2 } }],
    ['job.started', row, entering('RUNNING', { attempt: 2 })],
    ['job.waiting', row, waiting],
    ['job.reminded', waiting, reminded],
    ['job.decided', reminded, entering('RUNNING', {}, reminded)],
    ['job.conflicted', row, { ...row, revision: 2, conflictCount: 1, conflictedAt: '2026-11-23T10:00:09.000Z' }],
    ['job.expired', waiting, entering('EXPIRED', {}, waiting)],
  ])('makes a %s event of a change of a row', (type, before, after) => {
    expect(eventOf(record(before ? 'MODIFY' : 'INSERT', before, after))?.type).toBe(type);
  });

  it('reports a latency of 0 if clocks differ and a job seems to settle before it was accepted', () => {
    const settled = { ...row, status: 'FAILED', settledAt: '2026-11-23T09:59:59.999Z' };
    expect(eventOf(record('INSERT', undefined, settled))?.data.latencyMs).toBe(0);
  });

  it('says in an event what a job waits for', () => {
    expect(eventOf(record('MODIFY', row, waiting))?.data.waitingFor).toEqual(waitingFor);
    expect(eventOf(record('MODIFY', waiting, reminded))).toMatchObject({
      time: '2026-11-23T22:00:02.000Z',
      data: { waitingFor: { remindedAt: '2026-11-23T22:00:02.000Z' } },
    });
  });

  it('says in the event of a conflict when it came and how many there were, also after the outcome', () => {
    const settled = { ...row, status: 'SUCCEEDED', conflictCount: 1, conflictedAt: '2026-11-23T10:00:08.000Z' };
    const again = { ...settled, revision: 3, conflictCount: 2, conflictedAt: '2026-11-23T10:00:09.000Z' };
    expect(eventOf(record('MODIFY', settled, again))).toMatchObject({
      type: 'job.conflicted',
      time: '2026-11-23T10:00:09.000Z',
      data: { conflicts: { count: 2, lastAt: '2026-11-23T10:00:09.000Z' } },
    });
  });

  it('gives an event the same id for the same job and revision, and another id for the next revision', () => {
    const first = eventOf(record('INSERT', undefined, row));
    expect(eventOf(record('INSERT', undefined, row))?.id).toBe(first?.id);
    expect(eventOf(record('MODIFY', row, { ...row, status: 'SUCCEEDED', revision: 2 }))?.id).not.toBe(first?.id);
  });

  it('makes no event of an expired row or of a write without a new revision', () => {
    expect(eventOf(record('REMOVE', row, undefined))).toBeUndefined();
    expect(eventOf(record('MODIFY', row, { ...row, expiresAt: 1 }))).toBeUndefined();
  });

  it('makes no event of the row of a parked message', () => {
    const { pk } = parkedKey({ tenant: 't', type: 'csv-import', id: '1' });
    expect(eventOf(record('INSERT', undefined, { pk, tenant: 't', type: 'csv-import' }))).toBeUndefined();
  });

  it('refuses to make an event of a row that is not a job', () => {
    expect(() => eventOf(record('INSERT', undefined, { pk: 'x' }))).toThrow();
    expect(() => eventOf(record('INSERT', undefined, { ...row, status: 'LOST' }))).toThrow();
  });
});

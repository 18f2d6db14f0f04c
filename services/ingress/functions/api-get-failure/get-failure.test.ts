import type { JobRow, ParkedRow } from '@spillway/shared/job-store/row.ts';
import { DEAD_LETTER_READER } from '@spillway/shared/packaging/consumers.ts';
import { getFailure } from './get-failure.ts';

const error = { code: 'DOWN', message: 'downstream is down' };
const row = {
  tenant: 't',
  type: 'csv-import',
  jobId: 'j',
  status: 'FAILED',
  attempt: 2,
  acceptedAt: '2026-11-23T11:00:00.000Z',
  history: ['RUNNING', 'QUEUED', 'RUNNING', 'FAILED'].map((status, n) => ({
    status,
    at: `2026-11-23T11:00:0${n}.000Z`,
  })),
  traceId: 'a'.repeat(32),
  error,
  failureCode: 'DOWN',
  failureSort: '2026-11-23T11:00:03.000Z#0123456789abcdef',
  archiveKey: 'failed/j.json',
} as JobRow;
const parked = {
  tenant: '-',
  type: 'csv-import',
  jobId: 'message-1',
  error: { code: 'PARKED', message: 'the message attribute "tenant" is missing or too long' },
  failureCode: 'PARKED',
  failureSort: '2026-11-23T11:00:03.000Z#0123456789abcdef',
  archiveKey: 'parked/message-1.json',
} as ParkedRow;
const attributes = { tenant: 't', traceparent: 'v1;', runAfter: 'v1;3600' };
const record = JSON.stringify({ message: { body: '{"rows": 12345678901234567890}', attributes } });

const get = (found: { row?: JobRow; parked?: ParkedRow }, objects: Record<string, string> = {}) =>
  getFailure(
    { tenant: 't', type: 'csv-import', jobId: 'j' },
    {
      reads: { rowsOf: async () => ({ row: found.row, parked: found.parked }) },
      archive: { get: async (key) => objects[key] },
      owners: { 'csv-import': 'processing' },
      stage: 'dev',
      region: 'eu-west-1',
    },
  );

describe('the function api-get-failure', () => {
  it('shows the input of a failed job exactly as it was sent, its attempts, its error and a link to its logs', async () => {
    const failure = await get({ row }, { 'failed/j.json': record });
    expect(failure).toMatchObject({
      code: 'DOWN',
      message: 'downstream is down',
      failedAt: '2026-11-23T11:00:03.000Z',
      status: 'FAILED',
      attempts: 2,
      input: '{"rows": 12345678901234567890}',
    });
    expect(failure.history?.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual([
      'QUEUED 0',
      'RUNNING 1',
      'QUEUED 1',
      'RUNNING 2',
      'FAILED 2',
    ]);
    expect(failure).not.toHaveProperty('error');
    for (const name of ['csv-import', DEAD_LETTER_READER]) {
      expect(failure.links.logs).toContain(`processing-dev-${name}`);
    }
  });

  it('shows what was sent with a failed job as its client sent it', async () => {
    const failure = await get({ row }, { 'failed/j.json': record });
    expect(failure.attributes).toEqual({ tenant: 't', runAfter: '3600' });
  });

  it('shows the newest error of a job if it says more than its failure', async () => {
    const failed = { ...error, step: 'charge' };
    expect(await get({ row: { ...row, error: failed } })).toMatchObject({ code: 'DOWN', error: failed });
  });

  it('shows a parked message that belongs to no job', async () => {
    const failure = await get({ parked }, { 'parked/message-1.json': record });
    expect(failure).toMatchObject({ tenant: '-', jobId: 'message-1', code: 'PARKED', attributes: { tenant: 't' } });
    expect(failure).not.toHaveProperty('status');
  });

  it('shows a failure without its input if its archive record has expired', async () => {
    expect(await get({ row })).not.toHaveProperty('input');
  });

  it.each([
    ['a job that is unknown', {}],
    ['a job that never failed', { row: { ...row, status: 'SUCCEEDED', failureSort: undefined } as unknown as JobRow }],
  ])('refuses to show %s as a failure', async (_, found) => {
    await expect(get(found)).rejects.toMatchObject({ code: 'unknownFailure' });
  });
});

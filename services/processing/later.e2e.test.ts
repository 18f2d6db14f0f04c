import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminRequest } from '@spillway/e2e/administrator.ts';
import { getJob, one, request, waitForOutcome } from '@spillway/e2e/deployed.ts';
import {
  expectExactReference,
  isIn,
  lateness,
  ORDERED,
  submitLater,
  TYPE,
  waitingFor,
} from './testing/scheduled-jobs.ts';

const move = (id: string, runAfter: unknown, type = TYPE) =>
  request(`/jobs/${type}/${id}`, { method: 'PATCH', body: JSON.stringify({ runAfter }) });

describe.each([TYPE, ORDERED])('a %s job with runAfter', (type) => {
  it(`a job of type ${type} waits as SCHEDULED, and starts at its time and never before it`, async () => {
    const { id, status } = await waitingFor(5, type);
    expect(status).toBe('SCHEDULED');
    const job = await waitForOutcome(type, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(job.history.map((entry) => entry.status).slice(0, 2)).toEqual(['QUEUED', 'SCHEDULED']);
    expect(lateness(job)).toBeGreaterThanOrEqual(0);
  });
});

it('the reference to a scheduled job comes in the second in which the job may start', async () => {
  const { id } = await submitLater({ runAfter: '120' });
  expect(await isIn('SCHEDULED', id)).toMatchObject({ attempts: 0, confirmed: true });
  await expectExactReference(id);
  await request(`/jobs/${TYPE}/${id}`, { method: 'DELETE' });
});

it('a scheduled job with an input that is too big for its row runs with that input', async () => {
  const rows = 400;
  const csv = ['name', ...Array.from({ length: rows }, () => randomUUID())].join('\n');
  const path = `/jobs/csv-import/later-${randomUUID()}`;
  const columns = [{ name: 'name', type: 'string', required: true }];
  await request(`${path}?runAfter=3600`, { method: 'PUT', body: JSON.stringify({ csv, delimiter: ',', columns }) });
  const id = path.slice('/jobs/csv-import/'.length);
  await isIn('SCHEDULED', id, 'csv-import');
  expect((await move(id, 1, 'csv-import')).status).toBe(200);
  const job = await waitForOutcome('csv-import', id);
  expect(job).toMatchObject({ status: 'SUCCEEDED', result: { accepted: rows } });
});

it('a time in the past means now', async () => {
  const { id } = await submitLater({ runAfter: '2020-02-29T12:00:00+01:00' });
  const job = await waitForOutcome(TYPE, id);
  expect(job.status).toBe('SUCCEEDED');
  expect(job.history.map(({ status }) => status)).not.toContain('SCHEDULED');
});

it('the same submit again is the same scheduled job, which runs once', async () => {
  const id = `later-${randomUUID()}`;
  for (const runAfter of ['4', '4', '2']) await submitLater({ runAfter }, { id });
  const job = await waitForOutcome(TYPE, id);
  expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
  await sleep(2000);
  expect((await getJob(TYPE, id)).body).toMatchObject({ attempts: 1, history: job.history });
});

it.each([
  [{ runAfter: 'tomorrow' }, 'INVALID_RUN_AFTER'],
  [{ runAfter: '40000000' }, 'INVALID_RUN_AFTER'],
  [{ runAfter: '2027-02-29T00:00:00Z' }, 'INVALID_RUN_AFTER'],
  [{ expiresAfter: '-1' }, 'INVALID_EXPIRES_AFTER'],
  [{ runAfter: '60', expiresAfter: '30' }, 'INVALID_EXPIRES_AFTER'],
])('a job with %j fails with the reason at once', async (query, code) => {
  const { id } = await submitLater(query);
  expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'FAILED', attempts: 0, error: { code } });
});

it('a job whose query says runAfter twice either waits for one of the times, or fails with the reason', async () => {
  const id = `later-${randomUUID()}`;
  const path = `/jobs/${TYPE}/${id}?runAfter=1&runAfter=2`;
  expect((await request(path, { method: 'PUT', body: '{"behave":"succeed"}' })).status).toBe(202);
  const job = await waitForOutcome(TYPE, id);
  expect(job.error?.code ?? job.status).toMatch(/^(SUCCEEDED|INVALID_RUN_AFTER)$/);
});

it('a job that no consumer has started in its time is EXPIRED, and operators find it with its input', async () => {
  const { id } = await submitLater({ expiresAfter: '0' });
  const job = await waitForOutcome(TYPE, id);
  expect(job).toMatchObject({ status: 'EXPIRED', attempts: 0, error: { code: 'EXPIRED' } });
  expect(job.expiresAt).toBeUndefined();
  const { body: found } = await adminRequest(`/admin/failures/${one.clientId}/${TYPE}/${id}`);
  expect(found).toMatchObject({ jobId: id, code: 'EXPIRED', input: '{"behave":"succeed"}' });
});

it('a scheduled job that starts in its time does not expire', async () => {
  const { id } = await submitLater({ runAfter: '3600', expiresAfter: '7200' });
  expect(await isIn('SCHEDULED', id)).toMatchObject({ expiresAt: expect.any(String) });
  expect((await move(id, 1)).status).toBe(200);
  expect((await waitForOutcome(TYPE, id)).status).toBe('SUCCEEDED');
});

describe('moving a scheduled job', () => {
  it('a job that is moved earlier starts at its new time', async () => {
    const { id } = await submitLater({ runAfter: '3600' });
    await isIn('SCHEDULED', id);
    expect(await move(id, 2)).toMatchObject({ status: 200, body: { jobId: id, status: 'SCHEDULED' } });
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(lateness(job)).toBeGreaterThanOrEqual(0);
  });

  it('a job that is moved later does not start at its old time', async () => {
    let seconds = 3;
    let { id } = await waitingFor(seconds);
    // on a busy machine, it may start before the request comes
    while ((await move(id, seconds + 5)).status === 409) {
      seconds *= 2;
      ({ id } = await waitingFor(seconds));
    }
    const job = await waitForOutcome(TYPE, id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(lateness(job)).toBeGreaterThanOrEqual(0);
  });

  it('a job cannot be moved to nonsense or behind its deadline, nor once it is settled or if it is unknown', async () => {
    const { id } = await submitLater({ runAfter: '3600', expiresAfter: '7200' });
    await isIn('SCHEDULED', id);
    expect((await move(id, 'tomorrow')).status).toBe(400);
    expect((await move(id, 7300)).status).toBe(400);
    expect((await move(`no-${id}`, 60)).status).toBe(404);
    expect((await move(id, '2020-01-01T00:00:00Z')).status).toBe(200);
    expect((await waitForOutcome(TYPE, id)).status).toBe('SUCCEEDED');
    expect(await move(id, 60)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('SUCCEEDED') } });
  });
});

import { randomUUID } from 'node:crypto';
import { createToken, ownTenant } from '@spillway/e2e/callers.ts';
import { eventually, getJob, one, request, submit, type Tenant, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { isSettled, type JobStatus, type JobView } from '@spillway/shared/contracts/job.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import orderFulfilment from '@spillway/shared/contracts/jobs/order-fulfilment.ts';

const LONG = 'long-running';
/** A tenant of these tests alone: other tests have jobs of the same types, which must not be cancelled. */
let mine: Tenant;

beforeAll(async () => {
  mine = await ownTenant('cancelling');
});

/** Submits a job, which runs in an hour if it is to wait. @returns its id */
async function accepted(type: string, input: unknown, when: 'now' | 'later' = 'now', as = mine): Promise<string> {
  const path = `/jobs/${type}${when === 'later' ? '?runAfter=3600' : ''}`;
  const { status, body } = await request(path, { method: 'POST', body: JSON.stringify(input), as });
  expect(status).toBe(202);
  return String(body.jobId);
}

const toBe = (type: string, id: string, status: JobStatus, as = mine) =>
  eventually(`${type} ${id} to be ${status}`, async () => (await getJob(type, id, as)).body.status === status);
const statusOf = async (type: string, id: string, as = mine) => (await getJob(type, id, as)).body.status;

const ask = (type: string, body: unknown, headers: Record<string, string> = {}) =>
  request<{ jobId: string; links: { self: string }; matched?: number }>(`/jobs/${type}/cancellations`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers,
    as: mine,
  });

/** Waits for the outcome of a cancellation. @returns its result, and the lines of its records */
async function outcomeOf(self: string) {
  const job: JobView = await eventually('the cancellation', async () => {
    const { status, body } = await request<JobView>(self.replace(/^\/local/, ''), { as: mine });
    expect(status).toBe(200);
    return isSettled(body.status) && body;
  });
  expect(job.status).toBe('SUCCEEDED');
  const { records, ...counts } = job.result as { records: string[] };
  const texts = await Promise.all(records.map(async (link) => (await fetch(link)).text()));
  const lines = texts.flatMap((text) => text.split('\n')).filter(Boolean);
  return { job, counts, lines: lines.map((line) => JSON.parse(line)) };
}

/** Cancels what fits a filter, and waits until that is done. */
async function cancelAll(type: string, filter: unknown) {
  const { status, headers, body } = await ask(type, { filter });
  expect([status, headers.get('location')]).toEqual([202, body.links.self]);
  return outcomeOf(body.links.self);
}

describe('cancelling jobs by a filter', () => {
  it('cancels the scheduled jobs that fit, and then the running one, of this tenant only, and no settled one', async () => {
    const done = await accepted(LONG, { behave: 'succeed' });
    await waitForOutcome(LONG, done, 30, mine);
    const theirs = await accepted(LONG, { behave: 'succeed' }, 'later', one);
    const scheduled = await Promise.all([1, 2, 3].map(() => accepted(LONG, { behave: 'succeed' }, 'later')));
    const running = await accepted(LONG, { behave: 'stop' });
    for (const id of scheduled) await toBe(LONG, id, 'SCHEDULED');
    await toBe(LONG, running, 'RUNNING');
    await toBe(LONG, theirs, 'SCHEDULED', one);

    const filter = { status: 'SCHEDULED' };
    const counted = await ask(LONG, { filter, dryRun: true });
    expect([counted.status, counted.body]).toEqual([200, { matched: 3 }]);
    expect(await statusOf(LONG, scheduled[0] ?? '')).toBe('SCHEDULED');
    const { counts, lines } = await cancelAll(LONG, filter);
    expect(counts).toEqual({ cancelled: 3, requested: 0, refused: 0 });
    expect(lines.map(({ jobId, outcome }) => `${jobId} ${outcome}`).sort()).toEqual(
      scheduled.map((id) => `${id} cancelled`).sort(),
    );
    for (const id of scheduled) expect(await statusOf(LONG, id)).toBe('CANCELLED');
    expect(await statusOf(LONG, running)).toBe('RUNNING');

    const all = await cancelAll(LONG, { from: new Date(0).toISOString() });
    expect(all.lines).toEqual([{ jobId: running, outcome: 'requested' }]);
    expect(await waitForOutcome(LONG, running, 30, mine)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
    expect(await statusOf(LONG, done)).toBe('SUCCEEDED');
    expect(await statusOf(LONG, theirs, one)).toBe('SCHEDULED');
    await request(`/jobs/${LONG}/${theirs}`, { method: 'DELETE' });
  });

  it('cancels jobs that wait for their next attempt, and asks those that wait for a person to stop', async () => {
    const waiting = await accepted(documentApproval.name, documentApproval.example.input);
    const queued = await accepted('misbehaving', { behave: 'fail-once-and-wait' });
    await toBe('misbehaving', queued, 'QUEUED');
    await eventually('its first attempt', async () => (await getJob('misbehaving', queued, mine)).body.attempts === 1);
    await toBe('misbehaving', queued, 'QUEUED');
    expect((await cancelAll('misbehaving', { status: 'QUEUED' })).lines).toEqual([
      { jobId: queued, outcome: 'cancelled' },
    ]);
    expect(await statusOf('misbehaving', queued)).toBe('CANCELLED');
    await toBe(documentApproval.name, waiting, 'WAITING');
    const { counts } = await cancelAll(documentApproval.name, { status: 'WAITING' });
    expect(counts).toEqual({ cancelled: 0, requested: 1, refused: 0 });
    await eventually('its workflow to undo its steps', async () => {
      const { body } = await getJob(documentApproval.name, waiting, mine);
      return body.status === 'CANCELLED';
    });
  });

  it('cancels only the jobs whose input has the value of a search key', async () => {
    const orderId = `order-${randomUUID()}`;
    const order = (id: string) =>
      accepted(orderFulfilment.name, { ...orderFulfilment.example.input, orderId: id }, 'later');
    const ids = [await order(orderId), await order(orderId)];
    const another = await order(`${orderId}-2`);
    for (const id of [...ids, another]) await toBe(orderFulfilment.name, id, 'SCHEDULED');
    const { lines } = await cancelAll(orderFulfilment.name, { orderId });
    expect(lines).toEqual(ids.map((jobId) => ({ jobId, outcome: 'cancelled' })));
    expect(await statusOf(orderFulfilment.name, another)).toBe('SCHEDULED');
    await request(`/jobs/${orderFulfilment.name}/${another}`, { method: 'DELETE', as: mine });
  });

  it('records that the workflow of an express job cannot be stopped; the job is CANCELLED when it has failed', async () => {
    const id = await accepted('misbehaving-workflow', { behave: 'hang' });
    await toBe('misbehaving-workflow', id, 'RUNNING');
    const { lines } = await cancelAll('misbehaving-workflow', { status: 'RUNNING' });
    expect(lines).toMatchObject([{ jobId: id, outcome: 'requested', code: 'NOT_STOPPABLE' }]);
    expect((await waitForOutcome('misbehaving-workflow', id, 30, mine)).status).toBe('CANCELLED');
  });

  it('is done once when it is asked for twice with the same Idempotency-Key', async () => {
    const [key, id] = [randomUUID(), await accepted('misbehaving', { behave: 'succeed' }, 'later')];
    await toBe('misbehaving', id, 'SCHEDULED');
    const twice = await Promise.all(
      [1, 2].map(() => ask('misbehaving', { filter: { status: 'SCHEDULED' } }, { 'idempotency-key': key })),
    );
    expect(twice.map(({ body }) => body.jobId)).toEqual([key, key]);
    const { job, counts } = await outcomeOf(twice[0]?.body.links.self ?? '');
    expect([job.attempts, counts]).toEqual([1, { cancelled: 1, requested: 0, refused: 0 }]);
    expect((await getJob('misbehaving', id, mine)).body.history.map(({ status }) => status)).toEqual([
      'QUEUED',
      'SCHEDULED',
      'CANCELLED',
    ]);
  });

  it.each([
    ['an empty filter', { filter: {} }, 'is empty and would cancel every job'],
    ['no filter', {}, 'filter'],
    [
      'an unknown field in its filter',
      { filter: { sku: 'a' } },
      'filter.sku: there is no such field; use status, from, to',
    ],
    ['an outcome as the status', { filter: { status: 'SUCCEEDED' } }, 'filter.status'],
    ['an invalid time', { filter: { from: 'yesterday' } }, 'filter.from'],
    ['an unknown field', { filter: { status: 'QUEUED' }, ratePerSecond: 1 }, 'ratePerSecond'],
  ])('is refused with %s, and the answer names it', async (_, body, detail) => {
    const { status, headers, body: problem } = await ask(LONG, body);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(problem.detail).toContain(detail);
  });

  it('needs the scope for cancelling, and is shown only to its tenant', async () => {
    const headers = { authorization: `Bearer ${await createToken({ scopes: ['jobs/read'] })}` };
    expect((await ask(LONG, { filter: { status: 'QUEUED' } }, headers)).status).toBe(401);
    const { job } = await cancelAll(LONG, { status: 'WAITING' });
    expect((await request(`/cancellations/${job.jobId}`)).status).toBe(404);
  });

  it('leaves no job with the id "cancellations", and no way for clients to submit its jobs', async () => {
    expect((await submit(LONG, { behave: 'succeed' }, 'cancellations')).status).toBe(405);
    expect((await submit('cancel-jobs', { type: LONG, search: [], stops: true })).status).toBe(404);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from '@spillway/e2e/callers.ts';
import {
  eventually,
  frontDoorOf,
  getJob,
  listJobs,
  one,
  other,
  request,
  submit,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import type { JobStatus } from '@spillway/shared/contracts/job.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { atOnce } from '@spillway/shared/runtime/at-once.ts';

const LONG = 'long-running';
/** A crashed consumer's messages come back when their visibility timeout ends. */
const CRASH_SECONDS = 60;

const cancel = (type: string, id: string, acceptedAt?: string, as = one) =>
  frontDoorOf(as).cancel(type, id, acceptedAt);

/** Submits a job. @returns its id, and when it was accepted according to its Location */
async function accepted(type: string, input: unknown, id?: string) {
  const { status, headers, body } = await submit(type, input, id);
  expect(status).toBe(202);
  return { id: body.jobId, acceptedAt: headers.get('location')?.split('acceptedAt=')[1] ?? '' };
}

const waitFor = (type: string, id: string, status: JobStatus, attempts: number) =>
  eventually(`${type} ${id} to be ${status}`, async () => {
    const { body } = await getJob(type, id);
    return body.status === status && body.attempts === attempts && body;
  });

async function running(type: string, behave: string) {
  const { id } = await accepted(type, { behave });
  await waitFor(type, id, 'RUNNING', 1);
  return id;
}

describe('cancelling a job that runs', () => {
  it.each(['stop', 'return-late'])(
    'a running job sees its signal abort because it was cancelled, and settles CANCELLED when it stops (%s)',
    async (behave) => {
      const id = await running(LONG, behave);
      const { status, body } = await cancel(LONG, id);
      expect([status, body]).toEqual([
        202,
        expect.objectContaining({ status: 'RUNNING', cancelRequestedAt: expect.any(String) }),
      ]);
      expect((await cancel(LONG, id)).status).toBe(202);
      const job = await waitForOutcome(LONG, id);
      expect(job).toMatchObject({ status: 'CANCELLED', attempts: 1, progress: { message: 'JobCancelledError' } });
      expect(job).not.toHaveProperty('result');
      expect(job).not.toHaveProperty('error');
      expect((await cancel(LONG, id)).status).toBe(409);
    },
  );

  it('a running job that does not look at its signal settles CANCELLED when its time is up, and is not tried again', async () => {
    const id = await running(LONG, 'ignore');
    expect((await cancel(LONG, id)).status).toBe(202);
    expect(await waitForOutcome(LONG, id)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
  });

  it('a job that crashes while it is cancelled ends CANCELLED at its next claim', async () => {
    const id = await running('misbehaving', 'exit-always');
    expect((await cancel('misbehaving', id)).status).toBe(202);
    expect(await waitForOutcome('misbehaving', id, CRASH_SECONDS)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
  });

  it('an express job is cancelled between its attempts: the one that runs is not stopped, and there is no other', async () => {
    const id = await running('misbehaving-workflow', 'hang');
    expect((await cancel('misbehaving-workflow', id)).status).toBe(202);
    expect(await waitForOutcome('misbehaving-workflow', id)).toMatchObject({ status: 'CANCELLED', attempts: 1 });
  });
});

describe('cancelling a job that waits', () => {
  it('a job that waits for its next attempt settles CANCELLED at once, and its message changes nothing', async () => {
    const { id } = await accepted('misbehaving', { behave: 'fail-once-and-wait' });
    await waitFor('misbehaving', id, 'QUEUED', 1);
    const { status, body } = await cancel('misbehaving', id);
    expect([status, body.status]).toEqual([202, 'CANCELLED']);
    await sleep(7000);
    const { body: later } = await getJob('misbehaving', id);
    expect(later).toEqual(body);
    expect(later.history.map((entered) => entered.status)).toEqual(['QUEUED', 'RUNNING', 'QUEUED', 'CANCELLED']);
    const { jobs } = (await listJobs('misbehaving', { status: 'CANCELLED' })).body;
    expect(jobs).toContainEqual(expect.objectContaining({ jobId: id, status: 'CANCELLED' }));
  });

  it('an ordered job that no consumer has seen is cancelled with its acceptedAt, never runs, and its key goes on', async () => {
    const key = `key-${randomUUID()}`;
    const [type, input] = ['misbehaving-ordered', { key, behave: 'succeed' }];
    const head = await accepted(type, { key, behave: 'sleep' });
    const [unseen, next] = [await accepted(type, input), await accepted(type, input)];
    expect((await cancel(type, unseen.id)).status).toBe(404);
    const { status, body } = await cancel(type, unseen.id, unseen.acceptedAt);
    expect([status, body]).toEqual([
      202,
      expect.objectContaining({ jobId: unseen.id, status: 'CANCELLED', attempts: 0 }),
    ]);
    expect(body.acceptedAt).toBe(new Date(Number(unseen.acceptedAt)).toISOString());
    expect((await waitForOutcome(type, next.id)).status).toBe('SUCCEEDED');
    expect((await waitForOutcome(type, head.id)).status).toBe('SUCCEEDED');
    expect((await getJob(type, unseen.id)).body).toEqual(body);
  });

  it('the key of an ordered job goes on after its head was cancelled while it waited for its next attempt', async () => {
    const key = `key-${randomUUID()}`;
    const head = await accepted('misbehaving-ordered', { key, behave: 'fail-once-and-wait' });
    const next = await accepted('misbehaving-ordered', { key, behave: 'succeed' });
    await waitFor('misbehaving-ordered', head.id, 'QUEUED', 1);
    expect((await cancel('misbehaving-ordered', head.id)).body.status).toBe('CANCELLED');
    expect((await waitForOutcome('misbehaving-ordered', next.id)).status).toBe('SUCCEEDED');
    expect((await getJob('misbehaving-ordered', head.id)).body.attempts).toBe(1);
  });

  it('another body under the id of a job that was cancelled unseen is not a conflict: the job has no body', async () => {
    const id = randomUUID();
    const acceptedAt = String(Date.now());
    expect((await cancel(csvImport.name, id, acceptedAt)).status).toBe(202);
    await submit(csvImport.name, csvImport.example.input, id);
    await sleep(2000);
    const { body } = await getJob(csvImport.name, id);
    expect(body).toMatchObject({ status: 'CANCELLED', attempts: 0 });
    expect(body).not.toHaveProperty('conflicts');
  });
});

describe('cancelling a job that cannot be cancelled', () => {
  it('a settled job answers 409 with its outcome, and keeps it', async () => {
    const { id } = await accepted(csvImport.name, csvImport.example.input);
    const job = await waitForOutcome(csvImport.name, id);
    const { status, headers, body } = await cancel(csvImport.name, id);
    expect([status, headers.get('content-type')]).toEqual([409, 'application/problem+json']);
    expect(body.detail).toContain('SUCCEEDED');
    expect((await getJob(csvImport.name, id)).body).toEqual(job);
  });

  it('an unknown job answers 404, and a wrong acceptedAt 400 or 404', async () => {
    const id = randomUUID();
    const answers = [undefined, 'soon', String(Date.now() + 3_600_000), '1'].map((acceptedAt) =>
      cancel(csvImport.name, id, acceptedAt),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 400, 404, 404]);
    expect((await cancel(csvImport.name, 'not an id', String(Date.now()))).status).toBe(404);
    expect((await getJob(csvImport.name, id)).status).toBe(404);
  });

  it('a tenant cannot cancel the job of another one, whatever it knows about the job', async () => {
    const { id, acceptedAt } = await accepted(LONG, { behave: 'stop' });
    await waitFor(LONG, id, 'RUNNING', 1);
    expect((await cancel(LONG, id, undefined, other)).status).toBe(404);
    // with acceptedAt, it cancels an unseen job of its own with the same id
    expect((await cancel(LONG, id, acceptedAt, other)).body.status).toBe('CANCELLED');
    expect((await getJob(LONG, id)).body).not.toHaveProperty('cancelRequestedAt');
    await cancel(LONG, id);
  });

  it('a token with only the scope for reading cannot cancel', async () => {
    const headers = { authorization: `Bearer ${await createToken({ scopes: ['jobs/read'] })}` };
    const { status, body } = await request(`/jobs/${LONG}/x`, { method: 'DELETE', headers });
    expect([status, body.detail]).toEqual([401, expect.stringContaining('jobs/submit to submit, change or cancel')]);
  });
});

describe('cancelling in a race', () => {
  it('each of many jobs that are cancelled while they run ends as its answer says', async () => {
    const jobs = Array.from({ length: 40 }, () => randomUUID());
    const answers: { id: string; answer: Awaited<ReturnType<typeof cancel>> }[] = [];
    // the engine starts a process for each request that comes before another one is done: forty would stop everything for seconds
    await atOnce(jobs, 5, async (id) => {
      const { acceptedAt } = await accepted(csvImport.name, csvImport.example.input, id);
      answers.push({ id, answer: await cancel(csvImport.name, id, acceptedAt) });
    });
    expect(answers).toHaveLength(jobs.length);
    for (const { id, answer } of answers) {
      const { status, body } = answer;
      const job = await waitForOutcome(csvImport.name, id);
      if (status === 409) expect(job.status).toBe('SUCCEEDED');
      else expect(status).toBe(202);
      if (status === 202 && body.status === 'CANCELLED') expect(job.status).toBe('CANCELLED');
      expect(job.history.filter(({ status: each }) => each === 'CANCELLED' || each === 'SUCCEEDED')).toHaveLength(1);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { adminRequest } from '@spillway/e2e/administrator.ts';
import { eventually, getJob, laneUrl, one, sqs, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { isSettled, type JobView } from '@spillway/shared/contracts/job.ts';

const TYPE = 'misbehaving';

async function fail(behave = 'fail-always', type = TYPE, more = {}): Promise<string> {
  const id = `${behave}-${randomUUID()}`;
  expect((await submit(type, { behave, ...more }, id)).status).toBe(202);
  expect(await waitForOutcome(type, id)).toMatchObject({ status: 'FAILED' });
  return id;
}
const named = (jobId: string, type = TYPE) => ({ tenant: one.clientId, type, jobId });
const ask = (body: unknown) =>
  adminRequest('/admin/replays', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Asks for a replay and waits until it has an outcome. @returns the job that did it, and its records */
async function replay(body: unknown): Promise<{ job: JobView; records: Record<string, string>[] }> {
  const { status, headers, body: accepted } = await ask(body);
  expect([status, headers.get('location')]).toEqual([202, accepted.links.self]);
  const path = accepted.links.self.replace(/^\/local/, '');
  const job: JobView = await eventually('the replay', async () => {
    const answer = await adminRequest(path);
    expect(answer.status).toBe(200);
    return isSettled(answer.body.status) && answer.body;
  });
  expect(job.status).toBe('SUCCEEDED');
  const { records } = job.result as { records: string[] };
  const texts = await Promise.all(records.map(async (link) => (await fetch(link)).text()));
  const lines = texts.flatMap((text) => text.trim().split('\n'));
  return { job, records: lines.filter(Boolean).map((line) => JSON.parse(line)) };
}

/** Waits for the outcome of a job's generation. */
const outcomeOf = (type: string, id: string, generation: number) =>
  eventually(`an outcome of generation ${generation} of ${id}`, async () => {
    const { body } = await getJob(type, id);
    return body.generation === generation && isSettled(body.status) && body;
  });

describe('a replay', () => {
  it('runs a failed job again as the same job, whose attempts start again and whose first failure stays visible', async () => {
    const id = await fail();
    const { job, records } = await replay({ jobs: [named(id)] });
    expect(job.result).toMatchObject({ replayed: 1, refused: 0 });
    expect(records).toEqual([{ ...named(id), outcome: 'replayed' }]);
    const again = await outcomeOf(TYPE, id, 2);
    expect(again).toMatchObject({
      status: 'FAILED',
      attempts: 2,
      failures: [{ generation: 1, attempts: 2, error: { message: 'this never works' } }],
    });
    expect(again.history.map(({ status }) => status)).toEqual([
      'QUEUED',
      'RUNNING',
      'QUEUED',
      'RUNNING',
      'FAILED',
      'QUEUED',
      'RUNNING',
      'QUEUED',
      'RUNNING',
      'FAILED',
    ]);
  });

  it('runs a job once when two replays of it are asked for at the same time', async () => {
    const id = await fail('fail-permanently');
    await Promise.all([replay({ jobs: [named(id)] }), replay({ jobs: [named(id)] })]);
    const job: JobView = await eventually('the outcome of the replay', async () => {
      const { body } = await getJob(TYPE, id);
      return (body.generation ?? 1) > 1 && isSettled(body.status) && body;
    });
    // on a busy machine, one replay may start when the other one's run has already failed: then it is a third generation
    expect(job.attempts).toBe(1);
    expect(job.history.filter(({ status }) => status === 'RUNNING')).toHaveLength(job.generation ?? 1);
  });

  it('makes a new job of a failure if asked, and the old job keeps its outcome and names the new one', async () => {
    const id = await fail('fail-permanently');
    const { body: before } = await getJob(TYPE, id);
    const { job, records } = await replay({ jobs: [named(id)], asNewJob: true });
    expect(job.result).toMatchObject({ replayed: 1, refused: 0 });
    const newId = records[0]?.replayedAs ?? '';
    expect(records).toEqual([
      { ...named(id), outcome: 'replayed', replayedAs: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    const made = await waitForOutcome(TYPE, newId);
    expect(made).toMatchObject({ status: 'FAILED', attempts: 1, replayOf: id });
    expect(made).not.toHaveProperty('generation');
    expect(Date.parse(made.acceptedAt)).toBeGreaterThan(Date.parse(before.settledAt ?? ''));
    expect((await getJob(TYPE, id)).body).toEqual({ ...before, replayedAs: newId });
    const { body: failure } = await adminRequest(`/admin/failures/${one.clientId}/${TYPE}/${id}`);
    expect(failure).toMatchObject({ replayedAs: newId, replayedAt: expect.any(String), status: 'FAILED' });
    const again = await replay({ jobs: [named(id)] });
    expect(again.records).toMatchObject([{ code: 'ALREADY_REPLAYED', message: expect.stringContaining(newId) }]);
  });

  it('makes one new job for each replay when two are asked for at the same time', async () => {
    const id = await fail('fail-permanently');
    const both = [1, 2].map(() => replay({ jobs: [named(id)], asNewJob: true }));
    const ids = (await Promise.all(both)).map(({ records }) => records[0]?.replayedAs ?? '');
    expect(new Set(ids).size).toBe(2);
    for (const newId of ids) expect(await waitForOutcome(TYPE, newId)).toMatchObject({ attempts: 1, replayOf: id });
    expect(ids).toContain((await getJob(TYPE, id)).body.replayedAs);
  });

  it('counts with a dry run, and replays what fits a filter and failed before, but not again what fails again', async () => {
    const from = new Date().toISOString();
    const ids = [await fail('fail-permanently'), await fail('fail-permanently')];
    const filter = { type: TYPE, code: 'NO_SUCH_THING', from };
    expect(await ask({ filter, dryRun: true })).toMatchObject({ status: 200, body: { matched: 2 } });
    const { job, records } = await replay({ filter, ratePerSecond: 100 });
    expect(job.result).toMatchObject({ replayed: 2, refused: 0 });
    expect(records.map(({ jobId }) => jobId)).toEqual(ids);
    for (const id of ids) expect((await outcomeOf(TYPE, id, 2)).failures).toHaveLength(1);
    const { body } = await adminRequest(
      `/admin/failures?${new URLSearchParams({ type: TYPE, from, replayed: 'false' })}`,
    );
    expect(body.failures).toHaveLength(2);
  });

  it('refuses to replay a running job, a job that succeeded and an unknown one, each with the reason', async () => {
    const { body: done } = await submit(TYPE, { behave: 'succeed' });
    await waitForOutcome(TYPE, done.jobId);
    const running = `never-return-${randomUUID()}`;
    await submit(TYPE, { behave: 'never-return' }, running);
    await eventually('the running job', async () => (await getJob(TYPE, running)).body.status === 'RUNNING');
    const { job, records } = await replay({ jobs: [running, done.jobId, 'nobody-knows-it'].map((id) => named(id)) });
    expect(job.result).toMatchObject({ replayed: 0, refused: 3 });
    expect(records.map(({ code }) => code)).toEqual(['NOT_SETTLED', 'ALREADY_SUCCEEDED', 'UNKNOWN_FAILURE']);
  });

  it('returns parked messages of an ordered lane in their order, as the jobs that they were', async () => {
    const type = 'misbehaving-ordered';
    const key = `key-${randomUUID()}`;
    const ids = [1, 2, 3].map((n) => `${n}-${randomUUID()}`);
    const parked = async (id: string) => {
      const { status, body } = await adminRequest(`/admin/failures/${one.clientId}/${type}/${id}`);
      return status === 200 && body;
    };
    for (const id of ids) {
      const attributes = { tenant: one.clientId, acceptedAt: String(Date.now() - 14 * 86_400_000), jobId: id };
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: laneUrl(type, '-dlq.fifo'),
          MessageBody: JSON.stringify({ key, behave: 'sleep' }),
          MessageGroupId: `${one.clientId}.${key}`,
          MessageDeduplicationId: randomUUID(),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
        }),
      );
    }
    for (const id of ids) await eventually(`${id} to be parked`, () => parked(id), 60);
    const { job } = await replay({ filter: { type, tenant: one.clientId, code: 'PARKED' } });
    expect(job.result).toMatchObject({ refused: 0 });
    const jobs: JobView[] = [];
    for (const id of ids) jobs.push(await waitForOutcome(type, id));
    expect(jobs.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const ends = jobs.map(({ settledAt }) => settledAt);
    expect(ends).toEqual([...ends].sort());
    expect(await parked(ids[0] ?? '')).toMatchObject({ code: 'PARKED', replayedAt: expect.any(String) });
  }, 240_000);

  it('refuses to replay a message that belongs to no job', async () => {
    const { MessageId = '' } = await sqs.send(
      new SendMessageCommand({ QueueUrl: laneUrl('csv-import'), MessageBody: 'hello', MessageGroupId: 'nobody' }),
    );
    await eventually('the parked message', async () => {
      const { status } = await adminRequest(`/admin/failures/-/csv-import/${MessageId}`);
      return status === 200;
    });
    const { records } = await replay({ jobs: [{ tenant: '-', type: 'csv-import', jobId: MessageId }] });
    expect(records).toMatchObject([{ outcome: 'refused', code: 'NO_JOB' }]);
  });

  it.each([
    ['an empty filter', { filter: {} }, 'filter: is empty'],
    ['a filter and jobs', { filter: { type: TYPE }, jobs: [named('x')] }, 'either filter or jobs'],
    ['neither', { dryRun: true }, 'either filter or jobs'],
    ['an unknown field in its filter', { filter: { type: TYPE, status: 'FAILED' } }, 'status'],
    ['an unknown field', { filter: { type: TYPE }, force: true }, 'force'],
    ['an unknown job type', { filter: { type: 'nothing' } }, 'no job type "nothing"'],
    ['no jobs', { jobs: [] }, 'jobs'],
    ['a rate of 0', { filter: { type: TYPE }, ratePerSecond: 0 }, 'ratePerSecond'],
  ])('is refused with %s, with the reason', async (_, request, detail) => {
    const { status, headers, body } = await ask(request);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body.detail).toContain(detail);
  });

  it('is not a job that a tenant can submit or see', async () => {
    expect((await submit('replay-jobs', { jobs: [], ratePerSecond: 1 })).status).toBe(404);
    expect((await getJob('replay-jobs', 'any')).status).toBe(404);
  });
});

import { adminRequest } from '@spillway/e2e/administrator.ts';
import { eventually, frontDoorOf, getJob, one, other, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { newKey, submitterInOrder } from '@spillway/e2e/ordered-jobs.ts';
import type { BlockedKey } from '@spillway/shared/contracts/blocked-key.ts';
import type { JobView } from '@spillway/shared/contracts/job.ts';

const TYPE = 'stopping-ordered';
const submitInOrder = submitterInOrder(TYPE);

const list = (query: Record<string, string> = {}) =>
  adminRequest(`/admin/blocked-keys?${new URLSearchParams({ type: TYPE, tenant: one.clientId, ...query })}`);

/** Waits until a key is blocked. */
const blocked = (key: string): Promise<BlockedKey> =>
  eventually(`${key} to be blocked`, async () =>
    (await list()).body.blockedKeys.find((each: BlockedKey) => each.key === key),
  );

const decide = (key: string, action: string, tenant = one.clientId) =>
  adminRequest('/admin/blocked-keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant, type: TYPE, key, action }),
  });

const outcome = (id: string) => waitForOutcome(TYPE, id);
const startsOf = (job: JobView) => job.history.filter(({ status }) => status === 'RUNNING').map(({ at }) => at);

/** Waits for the outcome of a job's second generation. */
const replayed = (id: string) =>
  eventually(`the second run of ${id}`, async () => {
    const { body } = await getJob(TYPE, id);
    return body.generation === 2 && body.settledAt !== undefined && body;
  });

describe('an order key of a lane that stops on failures', () => {
  it('is blocked by a job that failed for good while other keys go on, and a release runs that job again and then the others in order', async () => {
    const key = newKey();
    const [failed = '', ...later] = await submitInOrder(key, 'fail-until-replayed', 'succeed', 'succeed');
    expect(await outcome(failed)).toMatchObject({ status: 'FAILED', error: { code: 'NOT_YET' } });
    expect(await blocked(key)).toEqual({
      tenant: one.clientId,
      type: TYPE,
      key,
      jobId: failed,
      code: 'NOT_YET',
      message: 'only a replay helps',
      failedAt: expect.stringMatching(/^20/),
      heldUntil: expect.stringMatching(/^20/),
    });
    const [quick = ''] = await submitInOrder(newKey(), 'succeed');
    expect((await outcome(quick)).status).toBe('SUCCEEDED');
    for (const id of later) expect((await getJob(TYPE, id)).status).toBe(404);

    const { status, body } = await decide(key, 'release');
    expect([status, body]).toEqual([
      200,
      { tenant: one.clientId, type: TYPE, key, action: 'release', jobId: failed, withinSeconds: 5 },
    ]);
    const again = await replayed(failed);
    expect(again).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 1,
      failures: [{ generation: 1, error: { code: 'NOT_YET' } }],
    });
    const ends = [again.settledAt ?? ''];
    for (const id of later) {
      const job = await outcome(id);
      expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      expect((startsOf(job)[0] ?? '') >= (ends.at(-1) ?? '')).toBe(true);
      ends.push(job.settledAt ?? '');
    }
    expect((await list()).body.blockedKeys.map((each: BlockedKey) => each.key)).not.toContain(key);
  });

  it('is shown by the status of a job that waits behind it, to its own tenant only', async () => {
    const key = newKey();
    const [failed = ''] = await submitInOrder(key, 'fail-permanently');
    await blocked(key);
    const { headers, body } = await submit(TYPE, { key, behave: 'succeed' });
    const status = async (as = one) => {
      const acceptedAt = new URL(headers.get('location') ?? '', stage.apiUrl).searchParams.get('acceptedAt') ?? '';
      return (await frontDoorOf(as).job(TYPE, body.jobId, acceptedAt)).body;
    };
    const held = (job: JobView) => job.blockedKeys?.find((each) => each.key === key);
    const waiting = await status();
    expect(waiting).toMatchObject({ status: 'QUEUED', confirmed: false });
    expect(held(waiting)).toEqual({
      key,
      jobId: failed,
      failedAt: expect.stringMatching(/^20/),
      heldUntil: expect.stringMatching(/^20/),
    });
    expect(held(await status(other))).toBeUndefined();
    await decide(key, 'skip');
    expect((await outcome(body.jobId)).status).toBe('SUCCEEDED');
    expect(await status()).not.toHaveProperty('blockedKeys');
  });

  it('goes on after a skip, and the failure stands', async () => {
    const key = newKey();
    const [failed = '', later = ''] = await submitInOrder(key, 'fail-always', 'succeed');
    await blocked(key);
    expect((await decide(key, 'skip')).status).toBe(200);
    expect((await outcome(later)).status).toBe('SUCCEEDED');
    expect((await getJob(TYPE, failed)).body).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  it('is blocked again if the released job fails again, and by a later job that fails', async () => {
    const key = newKey();
    const [first = '', second = '', third = ''] = await submitInOrder(
      key,
      'fail-permanently',
      'fail-permanently',
      'succeed',
    );
    await blocked(key);
    await decide(key, 'release');
    expect(await replayed(first)).toMatchObject({ status: 'FAILED', failures: [{ generation: 1 }] });
    expect((await blocked(key)).jobId).toBe(first);
    expect((await getJob(TYPE, second)).status).toBe(404);
    await decide(key, 'skip');
    await eventually('the second job to block the key', async () => (await blocked(key)).jobId === second);
    expect((await getJob(TYPE, third)).status).toBe(404);
    await decide(key, 'skip');
    expect((await outcome(third)).status).toBe('SUCCEEDED');
  });

  it('goes on once when it is released and skipped several times at once, and later decisions are refused', async () => {
    const key = newKey();
    const [failed = '', later = ''] = await submitInOrder(key, 'fail-until-replayed', 'succeed');
    await blocked(key);
    const answers = await Promise.all(
      ['release', 'skip', 'release', 'skip', 'release'].map((action) => decide(key, action)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const winner = answers.find(({ status }) => status === 200)?.body.action;
    expect((await outcome(later)).status).toBe('SUCCEEDED');
    const { body } = await getJob(TYPE, failed);
    expect(body.status).toBe(winner === 'release' ? 'SUCCEEDED' : 'FAILED');
    expect(startsOf(body)).toHaveLength(winner === 'release' ? 2 : 1);
    const { status, headers, body: problem } = await decide(key, 'release');
    expect([status, headers.get('content-type')]).toEqual([409, 'application/problem+json']);
    expect(problem.detail).toContain('is not blocked');
  });

  it('is released by a replay of the failure, which sends nothing behind the later jobs', async () => {
    const key = newKey();
    const [failed = '', later = ''] = await submitInOrder(key, 'fail-until-replayed', 'succeed');
    await blocked(key);
    const { status } = await adminRequest('/admin/replays', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jobs: [{ tenant: one.clientId, type: TYPE, jobId: failed }] }),
    });
    expect(status).toBe(202);
    const [again, next] = [await replayed(failed), await outcome(later)];
    expect([again.status, next.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect((startsOf(next)[0] ?? '') >= (again.settledAt ?? '')).toBe(true);
  });

  it('is blocked by a job that killed its consumer and then failed, and goes on after a skip', async () => {
    const key = newKey();
    const [, later = ''] = await submitInOrder(key, 'exit-then-fail', 'succeed');
    await eventually(
      'the key to be blocked',
      async () => (await list()).body.blockedKeys.some((each: BlockedKey) => each.key === key),
      150,
    );
    expect((await getJob(TYPE, later)).status).toBe(404);
    await decide(key, 'skip');
    expect((await waitForOutcome(TYPE, later, 60)).status).toBe('SUCCEEDED');
  }, 240_000);

  it('goes on after a job that was cancelled', async () => {
    const key = newKey();
    const [head = '', later = ''] = await submitInOrder(key, 'fail-once-and-wait', 'succeed');
    await eventually('the first attempt to fail', async () => {
      const { body } = await getJob(TYPE, head);
      return body.status === 'QUEUED' && body.attempts === 1;
    });
    expect((await frontDoorOf(one).cancel(TYPE, head)).body.status).toBe('CANCELLED');
    expect((await outcome(later)).status).toBe('SUCCEEDED');
  });
});

describe('the routes of blocked keys', () => {
  it.each([
    ['an unknown parameter', 'status=FAILED', 'status:'],
    ['an unknown job type', 'type=nothing', 'type:'],
    ['a limit of 0', 'limit=0', 'limit:'],
    ['a cursor of another service', 'cursor=abc', 'cursor:'],
  ])('refuse to list with %s, and name it', async (_, query, detail) => {
    const { status, body } = await adminRequest(`/admin/blocked-keys?${query}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)]);
  });

  it('refuse an unknown action, an unknown type, an unknown field and a key of another tenant', async () => {
    const key = newKey();
    await submitInOrder(key, 'fail-permanently');
    await blocked(key);
    expect((await decide(key, 'retry')).status).toBe(400);
    const post = (body: unknown) =>
      adminRequest('/admin/blocked-keys', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const request = { tenant: one.clientId, type: TYPE, key, action: 'skip' };
    expect((await post({ ...request, type: 'nothing' })).status).toBe(400);
    expect((await post({ ...request, force: true })).status).toBe(400);
    expect((await decide(key, 'skip', other.clientId)).status).toBe(409);
    expect((await decide(key, 'skip')).status).toBe(200);
  });
});

import { randomUUID } from 'node:crypto';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import {
  type Difference,
  jobOf,
  jobsOf,
  laneUrl,
  one,
  other,
  outcomeOf,
  request,
  sqs,
  stage,
  submit,
} from '@spillway/shared/testing/engine.ts';

const input = csvImport.example.input;
const TYPE = 'csv-import';

describe('a submit', () => {
  it('is accepted, and its Location shows the job from the first moment to its outcome', async () => {
    const { status, headers, body } = await submit(TYPE, input);
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'QUEUED', links: { self: headers.get('location') } });
    const location = headers.get('location')?.replace(`/${stage.name}`, '') ?? '';
    expect((await request(location)).status).toBe(200);
    const job = await outcomeOf(TYPE, body.jobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1, confirmed: true, result: csvImport.example.result });
    expect(job.history.map(({ status: each }) => each)).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED']);
  });

  it('with the same id again is the same job', async () => {
    const id = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => submit(TYPE, input, id)));
    expect(answers.map(({ status, body }) => `${status} ${body.jobId}`)).toEqual(Array(3).fill(`202 ${id}`));
    expect(await outcomeOf(TYPE, id)).toMatchObject({ attempts: 1 });
  });

  it('carries the caller’s trace to the job', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const { body } = await submit(TYPE, input, undefined, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(await outcomeOf(TYPE, body.jobId)).toMatchObject({ traceId });
  });

  it.each([
    ['an id with spaces and quotes', `it's "q" ${randomUUID()}`, input, 'INVALID_JOB_ID'],
    ['an id of 200 characters', 'x'.repeat(164) + randomUUID(), input, 'INVALID_JOB_ID'],
    [
      'an input that only a refinement refuses',
      randomUUID(),
      { ...input, columns: [...input.columns, ...input.columns] },
      'INPUT_REFUSED',
    ],
  ])('with %s is accepted and then fails with the reason', async (_, id, sent, code) => {
    const { status } = await submit(TYPE, sent, id);
    expect(status).toBe(202);
    expect(await outcomeOf(TYPE, id)).toMatchObject({ status: 'FAILED', attempts: 0, error: { code } });
  });
});

describe('what is refused', () => {
  const good = JSON.stringify(input);
  const post = (difference: Difference, path = `/jobs/${TYPE}`) =>
    request(path, { method: 'POST', body: good, ...difference });
  const long = (bytes: number) => JSON.stringify({ ...input, csv: 'x'.repeat(bytes) });

  it.each<[string, Difference, number, string]>([
    ['malformed JSON', { body: '{"csv":' }, 400, 'JSON'],
    ['a missing field', { body: '{"csv":"a"}' }, 400, 'columns'],
    ['an extra field', { body: JSON.stringify({ ...input, extra: 1 }) }, 400, 'extra'],
    ['an ill-typed field', { body: JSON.stringify({ ...input, csv: 1 }) }, 400, 'integer'],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'application/json'],
    ['a body over 1 MiB', { body: long(1_048_577) }, 413, '1048576'],
    ['a body over 10 MiB', { body: long(10_485_761) }, 413, '1048576'],
    ['no token', { headers: { authorization: '' } }, 401, 'token'],
    ['a token that is none', { headers: { authorization: 'Bearer a.b.c' } }, 401, 'token'],
    ['a changed token', { headers: { authorization: `Bearer ${one.token.slice(0, -8)}AAAAAAAA` } }, 401, 'token'],
    ['no API key', { headers: { 'x-api-key': '' } }, 403, 'API key'],
    ['an unknown API key', { headers: { 'x-api-key': 'unknown' } }, 403, 'API key'],
  ])('%s: a problem document that says why', async (_, difference, status, reason) => {
    const answer = await post(difference);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ title: expect.any(String), status, detail: expect.stringContaining(reason) });
  });

  it('an unknown job type, path or method: 404', async () => {
    expect((await post({}, '/jobs/no-such-type')).status).toBe(404);
    expect((await request('/nowhere')).status).toBe(404);
    expect((await request(`/jobs/${TYPE}`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['status=DONE', 'status'],
    ['cursor=none-of-ours', 'cursor'],
  ])('a list with %s: 400 that names it', async (query, name) => {
    const { status, body } = await request(`/jobs/${TYPE}?${query}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(name)]);
  });

  it('leaves nothing in the lane', async () => {
    const counted = async () => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const command = new GetQueueAttributesCommand({ QueueUrl: laneUrl(TYPE), AttributeNames: [...names] });
      return (await sqs.send(command)).Attributes;
    };
    const id = randomUUID();
    await post({ body: '{"csv":1}' }, `/jobs/${TYPE}/${id}`);
    expect((await jobOf(TYPE, id)).status).toBe(404);
    expect(await counted()).toBeDefined();
  });
});

describe('another tenant', () => {
  it('sees neither the job nor its place in a list, and may use the same id for a job of its own', async () => {
    const id = randomUUID();
    await submit(TYPE, input, id);
    await outcomeOf(TYPE, id);
    expect((await jobOf(TYPE, id, other)).status).toBe(404);
    expect((await jobsOf(TYPE, { limit: '100' }, other)).body.jobs.map(({ jobId }) => jobId)).not.toContain(id);
    await submit(TYPE, { ...input, csv: 'sku,quantity\nX,1\n' }, id, { as: other });
    expect(await outcomeOf(TYPE, id, 30, other)).toMatchObject({ result: { accepted: 1, rejected: 0 } });
    expect((await jobOf(TYPE, id)).body).toMatchObject({ result: csvImport.example.result });
  });
});

describe('a list', () => {
  it('pages through all jobs, newest first, each once', async () => {
    const ids = Array.from({ length: 25 }, () => randomUUID());
    for (const id of ids) await submit(TYPE, input, id, { as: other });
    for (const id of ids) await outcomeOf(TYPE, id, 30, other);
    const seen: { jobId: string; acceptedAt: string }[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await jobsOf(TYPE, { limit: '7', ...(cursor && { cursor }) }, other);
      seen.push(...body.jobs);
      cursor = body.cursor;
    } while (cursor);
    expect(new Set(seen.map(({ jobId }) => jobId)).size).toBe(seen.length);
    expect(seen.map(({ jobId }) => jobId)).toEqual(expect.arrayContaining(ids));
    const times = seen.map(({ acceptedAt }) => acceptedAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('filters by status', async () => {
    const { body } = await jobsOf(TYPE, { status: 'FAILED', limit: '100' });
    expect(body.jobs.every(({ status }) => status === 'FAILED')).toBe(true);
  });
});

describe('the description', () => {
  it('is there for everyone, and lists every route', async () => {
    const { status, body } = await request<{ openapi: string; paths: object }>('/openapi.json', {
      headers: { authorization: '', 'x-api-key': '' },
    });
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining([`/jobs/${TYPE}`, `/jobs/${TYPE}/{jobId}`]));
  });
});

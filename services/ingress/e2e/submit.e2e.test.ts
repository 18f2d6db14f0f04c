import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, getJob, one, output, request, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { jobKey } from '@spillway/shared/job-store/keys.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';

const input = csvImport.example.input;
const TYPE = 'csv-import';

/** PUTs to a path that is sent as it is written. */
const put = (segment: string, body = JSON.stringify(input)) =>
  request<{ jobId: string; links: { self: string } }>(`/jobs/${TYPE}/${segment}`, { method: 'PUT', body });

describe('submits', () => {
  it('a submit is accepted, and its Location shows the job from the first moment to its outcome', async () => {
    const { status, headers, body } = await submit(TYPE, input);
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'QUEUED', links: { self: headers.get('location') } });
    const location = new URL(headers.get('location') ?? '', `${stage.apiUrl}/jobs/${TYPE}`).href;
    expect(location).toContain(`${stage.apiUrl}/jobs/${TYPE}/${body.jobId}?`);
    expect((await request(location.slice(stage.apiUrl.length))).status).toBe(200);
    const job = await waitForOutcome(TYPE, body.jobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', attempts: 1, confirmed: true, result: csvImport.example.result });
    expect(job.history.map(({ status: each }) => each)).toEqual(['QUEUED', 'RUNNING', 'SUCCEEDED']);
  });

  it.each(activeJobTypes().map(({ name, example }) => [name, example.input]))(
    'a submit of the %s example is accepted',
    async (name, example) => {
      expect((await submit(String(name), example)).status).toBe(202);
    },
  );

  it('a submit with an id that is in use returns the same job', async () => {
    const id = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => submit(TYPE, input, id)));
    expect(answers.map(({ status, body }) => `${status} ${body.jobId}`)).toEqual(Array(3).fill(`202 ${id}`));
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ attempts: 1 });
  });

  it('a submit carries the trace of the caller to the job', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const { body } = await submit(TYPE, input, undefined, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(await waitForOutcome(TYPE, body.jobId)).toMatchObject({ traceId });
  });

  it('a submit may name its charset and write its content type in any case', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
      expect((await submit(TYPE, input, undefined, { headers: { 'content-type': type } })).status).toBe(202);
    }
  });
});

describe('HEAD', () => {
  it('HEAD is answered like GET, without a body, wherever GET is', async () => {
    const id = randomUUID();
    await submit(TYPE, input, id);
    await waitForOutcome(TYPE, id);
    for (const path of ['/openapi.json', `/jobs/${TYPE}`, `/jobs/${TYPE}/${id}`, `/jobs/${TYPE}/unknown`]) {
      const [head, get] = [await request(path, { method: 'HEAD' }), await request(path)];
      expect([path, head.status, head.headers.get('content-type')]).toEqual([
        path,
        get.status,
        get.headers.get('content-type'),
      ]);
      expect(head.body).toBeUndefined();
    }
  });

  it('HEAD needs the access that GET needs', async () => {
    const status = async (headers: Record<string, string>) =>
      (await request(`/jobs/${TYPE}`, { method: 'HEAD', headers })).status;
    expect([await status({ authorization: '' }), await status({ 'x-api-key': '' })]).toEqual([401, 403]);
  });
});

describe('whole numbers', () => {
  it('a whole number may be written as a decimal fraction', async () => {
    const posting = JSON.stringify(ledgerPosting.example.input).replace('4998', '4998.0').replace('-798', '-7.98e2');
    const id = randomUUID();
    const answer = await request(`/jobs/${ledgerPosting.name}/${id}`, { method: 'PUT', body: posting });
    expect(answer.status).toBe(202);
    expect(await waitForOutcome(ledgerPosting.name, id)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('submits that the gateway cannot check', () => {
  it.each([
    ['spaces and quotes', `it's "q" ${randomUUID()}`],
    ['200 characters', 'x'.repeat(164) + randomUUID()],
    ['a percent sign', `100%${randomUUID()}`],
    ['letters of other languages', `jöb-任务-😀-${randomUUID()}`],
    ['a question mark and a hash', `?#${randomUUID()}`],
    ['a backslash', `a\\b${randomUUID()}`],
    ['what looks like a template', `$context.requestId#set($x=1)${randomUUID()}`],
  ])('a job id with %s is accepted, and its job fails with the reason', async (_, id) => {
    const { status, headers, body } = await submit(TYPE, input, id);
    expect([status, body.jobId]).toEqual([202, id]);
    expect(headers.get('location')).toMatch(/^[!-~]+$/);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({
      status: 'FAILED',
      attempts: 0,
      error: { code: 'INVALID_JOB_ID' },
    });
  });

  it.each([
    ['that only a refinement refuses', JSON.stringify({ ...input, columns: [...input.columns, ...input.columns] })],
    ['that starts with a byte order mark', `\uFEFF${JSON.stringify(input)}`],
  ])('a body %s is accepted, and its job fails with the reason', async (_, body) => {
    const id = randomUUID();
    expect((await put(id, body)).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({
      status: 'FAILED',
      attempts: 0,
      error: { code: 'INPUT_REFUSED' },
    });
  });
});

describe('unusual but valid JSON', () => {
  const fields = '"columns":[{"name":"a","type":"string"}]';

  it.each([
    ['that names a field twice (the last counts)', `{"csv":"x\\n1\\n","csv":"a\\n2\\n",${fields}}`, [{ a: '2' }]],
    ['with half a surrogate pair', `{"csv":"a\\n\\ud800\\n",${fields}}`, [{ a: expect.any(String) }]],
    ['with a null character', `{"csv":"a\\nx\\u0000y\\n",${fields}}`, [{ a: 'x\u0000y' }]],
    [
      'with what looks like a template',
      `{"csv":"a\\n$input.body #set($x=1) &b=%25\\n",${fields}}`,
      [{ a: '$input.body #set($x=1) &b=%25' }],
    ],
  ])('a body %s arrives unchanged', async (_, body, rows) => {
    const id = randomUUID();
    expect((await put(id, body)).status).toBe(202);
    expect(await waitForOutcome(TYPE, id)).toMatchObject({ status: 'SUCCEEDED', result: { rows } });
  });
});

describe('unusual paths', () => {
  it.each(['x%0d%0aX-Injected:%20yes', 'a%00b', 'a%01b', '%', '%zz', '%ff'])(
    'the path segment %s is answered, and cannot add a header',
    async (segment) => {
      const { status, headers } = await put(segment);
      // 400 for control characters, which SQS refuses; the others are invalid job ids
      expect([202, 400]).toContain(status);
      expect(headers.get('x-injected')).toBeNull();
      expect((await request(`/jobs/${TYPE}/${segment}`)).status).toBeLessThan(500);
    },
  );

  it('a path with a slash at its end is the path without it', async () => {
    const { status, headers, body } = await request<{ jobId: string }>(`/jobs/${TYPE}/`, {
      method: 'POST',
      body: JSON.stringify(input),
    });
    expect([status, headers.get('location')]).toEqual([202, expect.stringContaining(`/jobs/${TYPE}/${body.jobId}?`)]);
  });

  it('a path with an encoded slash is answered, and reaches no other job', async () => {
    const { status } = await put(`..%2F${TYPE}%2F${randomUUID()}`);
    expect([202, 404]).toContain(status);
  });

  it('an unknown job gets 404, and the answer says which address to poll', async () => {
    const { status, body } = await getJob(TYPE, randomUUID());
    expect([status, body]).toEqual([404, expect.objectContaining({ detail: expect.stringContaining('Location') })]);
  });

  it.each(['soon', '-1', '0', '9223372036854775806'])('a GET with the acceptedAt %s gets 400', async (acceptedAt) => {
    const { status, body } = await request(`/jobs/${TYPE}/${randomUUID()}?acceptedAt=${acceptedAt}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining('acceptedAt')]);
  });

  it('a GET with an acceptedAt in the future gets 404, because it is not from a Location', async () => {
    const { status } = await request(`/jobs/${TYPE}/${randomUUID()}?acceptedAt=99999999999999`);
    expect(status).toBe(404);
  });
});

it('a failure behind the front door gets a 500 that reveals nothing about our code', async () => {
  const id = randomUUID();
  await submit(TYPE, input, id);
  await waitForOutcome(TYPE, id);
  const key = `results/${one.clientId}/${TYPE}/${id}/gone.json`;
  await dynamo.send(
    new UpdateCommand({
      TableName: output('processing', 'JobsTableName'),
      Key: jobKey({ tenant: one.clientId, type: TYPE, id }),
      UpdateExpression: 'SET #result = :gone',
      ExpressionAttributeNames: { '#result': 'result' },
      ExpressionAttributeValues: { ':gone': { key, bytes: 40_000 } },
    }),
  );
  const { status, headers, body } = await request(`/jobs/${TYPE}/${id}`);
  expect([status, headers.get('content-type')]).toEqual([500, 'application/problem+json']);
  expect(JSON.stringify(body)).not.toMatch(/results|bucket|gone|Error:/);
});

import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createForeignPool, createKey, createToken, tokenOf } from '@spillway/e2e/callers.ts';
import {
  type Difference,
  dynamo,
  engine,
  eventually,
  one,
  output,
  request,
  stage,
  submit,
  waitForOutcome,
} from '@spillway/e2e/deployed.ts';
import { RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { activeJobTypes } from '@spillway/shared/packaging/job-types.ts';

const input = csvImport.example.input;
const good = JSON.stringify(input);
const TYPE = 'csv-import';
/** Part of the id of every job that must be refused: it must not be found anywhere. */
const MARK = `refused-${randomUUID()}`;
const MEGABYTE = 1_048_576;

interface Refusal {
  difference: Difference;
  status: number;
  /** A part of the detail. */
  reason: string;
  type?: string;
}

const body = (text: string, reason: string, status = 400): Refusal => ({ difference: { body: text }, status, reason });
const headers = (changes: Record<string, string>, status: number, reason: string): Refusal => ({
  difference: { body: good, headers: changes },
  status,
  reason,
});
const changed = (changes: object) => JSON.stringify({ ...input, ...changes });
/** JSON of the given length in bytes, filled up with spaces. */
const padded = (example: unknown, bytes: number) => JSON.stringify(example).padEnd(bytes, ' ');

const bodies: Record<string, Refusal> = {
  'malformed JSON': body('{"csv":', 'Invalid JSON'),
  'two documents': body(`${good}${good}`, 'Invalid JSON'),
  'an empty body': body('', 'Invalid JSON'),
  'a line break in a text': body('{"csv":"a\nb"}', 'Invalid JSON'),
  'a bare NaN': body('{"csv":"a","columns":NaN}', ''),
  null: body('null', 'null'),
  'an array': body(`[${good}]`, 'array'),
  'a text': body('"csv"', 'string'),
  'a number': body('1', 'integer'),
  'a nesting of 1,500 levels': body(
    JSON.stringify({ ...input, extra: 0 }).replace('0}', `${'['.repeat(1500)}${']'.repeat(1500)}}`),
    'nesting depth',
  ),
  'a deep nesting': body('['.repeat(100_000) + ']'.repeat(100_000), ''),
  'a deep nesting in a field': body(`{"csv":"a","columns":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, ''),
  'a missing field': body('{"csv":"a"}', 'columns'),
  'an extra field': body(changed({ extra: 1 }), 'extra'),
  'an extra field named like a method': body('{"csv":"a","columns":[],"__proto__":{}}', '__proto__'),
  'an ill-typed field': body(changed({ csv: 1 }), 'integer'),
  'a field without a value': body(changed({ csv: null }), 'null'),
  'a value that the contract does not list': body(changed({ delimiter: '|' }), ''),
  'quotes in a refused field': body(changed({ '"a\\"b\\\\': 1 }), 'a'),
  'a body over 10 MiB': body(padded(input, 10 * MEGABYTE + 1), String(MEGABYTE), 413),
};

const access: Record<string, Refusal> = {
  'another content type': headers({ 'content-type': 'text/plain' }, 415, 'application/json'),
  'a body that is not JSON, as plain text': {
    difference: { body: 'a=1', headers: { 'content-type': 'text/plain' } },
    status: 415,
    reason: 'application/json',
  },
  'a form': headers({ 'content-type': 'application/x-www-form-urlencoded' }, 415, 'application/json'),
  'JSON of another kind': headers({ 'content-type': 'application/vnd.api+json' }, 415, 'application/json'),
  'no token': headers({ authorization: '' }, 401, 'token'),
  'an invalid token': headers({ authorization: 'Bearer a.b.c' }, 401, 'token'),
  'a changed token': headers({ authorization: `Bearer ${one.token.slice(0, -8)}AAAAAAAA` }, 401, 'token'),
  'a token without its signature': headers(
    { authorization: `Bearer ${one.token.split('.').slice(0, 2).join('.')}.` },
    401,
    'token',
  ),
  'no API key': headers({ 'x-api-key': '' }, 403, 'API key'),
  'an unknown API key': headers({ 'x-api-key': 'unknown' }, 403, 'API key'),
};

const tooLong = (jobType: JobType): Refusal => {
  const limit = laneOf(jobType).maximumMessageBytes;
  return {
    type: jobType.name,
    difference: { body: padded(jobType.example.input, limit + 1) },
    status: 413,
    reason: String(limit),
  };
};
const sizes = Object.fromEntries(
  activeJobTypes().map((jobType) => [`a ${jobType.name} that is too long`, tooLong(jobType)]),
);

const unknown: Record<string, Refusal> = Object.fromEntries(
  ['no-such-type', 'CSV-IMPORT', 'csv-import/a/b', '{type}'].map((type) => [
    `the path /jobs/${type}`,
    { type, difference: { body: good }, status: 404, reason: 'openapi.json' },
  ]),
);

const WITH_AND_WITHOUT_ACCESS: Difference[] = [
  {},
  { headers: { authorization: '' } },
  { headers: { 'x-api-key': '' } },
];

/** Submits a job with the mark in its id. */
async function refuse({ type = TYPE, difference }: Refusal) {
  return request(`/jobs/${type}/${MARK}-${randomUUID()}`.slice(0, 200), { method: 'PUT', ...difference });
}

describe('refusals', () => {
  const all = Object.entries({ ...bodies, ...access, ...sizes, ...unknown });

  it.each(all)('a request with %s is answered with a problem document that says why', async (_, refusal) => {
    const { status, headers: answered, body: problem } = await refuse(refusal);
    expect(answered.get('content-type')).toBe('application/problem+json');
    expect(status).toBe(refusal.status);
    expect(problem).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: expect.stringContaining(refusal.reason),
      instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    });
  });

  it.each([
    ['GET', '/nowhere'],
    ['GET', '/'],
    ['OPTIONS', '/'],
    ['GET', '/jobs'],
    ['DELETE', '/jobs/no-such-type'],
    ['OPTIONS', `/jobs/${TYPE}/x/y`],
  ])('the unknown path of %s %s gets 404, with or without a token', async (method, path) => {
    for (const difference of WITH_AND_WITHOUT_ACCESS) {
      const { status, headers: answered } = await request(path, { method, ...difference });
      expect([status, answered.get('content-type'), answered.get('allow')]).toEqual([
        404,
        'application/problem+json',
        null,
      ]);
    }
  });

  it.each([
    ['DELETE', `/jobs/${TYPE}`, 'GET, HEAD, OPTIONS, POST'],
    ['POST', `/jobs/${TYPE}/x`, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['PUT', `/jobs/${TYPE}/batch`, 'OPTIONS, POST'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ])(
    '%s %s, whose path has other methods, gets 405 with Allow, with or without a token',
    async (method, path, allow) => {
      for (const difference of WITH_AND_WITHOUT_ACCESS) {
        const { status, headers: answered, body: problem } = await request(path, { method, ...difference });
        expect([status, answered.get('content-type'), answered.get('allow')]).toEqual([
          405,
          'application/problem+json',
          allow,
        ]);
        expect(problem).toMatchObject({ title: 'Method Not Allowed', detail: expect.stringContaining(method) });
      }
    },
  );

  it('OPTIONS of a path that has methods gets 204 with Allow, and no permission for other origins', async () => {
    const {
      status,
      headers: answered,
      body: none,
    } = await request(`/jobs/${TYPE}`, {
      method: 'OPTIONS',
      headers: { authorization: '', origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect([status, answered.get('allow'), none]).toEqual([204, 'GET, HEAD, OPTIONS, POST', undefined]);
    expect([...answered.keys()].filter((name) => name.startsWith('access-control-allow'))).toEqual([]);
  });

  it.each([
    ['half a surrogate pair', [0xed, 0xa0, 0xbd]],
    ['bytes that no character has', [0xff, 0xfe]],
  ])('a body whose text is %s instead of UTF-8 gets 400', async (_, bytes) => {
    const [head, tail] = JSON.stringify({ ...input, csv: 'a\n|\n' }).split('|');
    const answer = await fetch(`${stage.apiUrl}/jobs/${TYPE}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await tokenOf(one)}`,
        'x-api-key': one.apiKey,
        'content-type': 'application/json',
      },
      body: Buffer.concat([Buffer.from(head ?? ''), Buffer.from(bytes), Buffer.from(tail ?? '')]),
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('Invalid UTF-8') }),
    ]);
  });

  it.each(RESERVED_JOB_IDS)('a POST with the reserved word %s as its Idempotency-Key gets 400', async (key) => {
    for (const [type, example] of [
      [TYPE, good],
      [ledgerPosting.name, JSON.stringify(ledgerPosting.example.input)],
    ] as const) {
      const answer = await request(`/jobs/${type}`, {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: example,
      });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
      expect(answer.body.detail).toContain('send another key');
    }
  });

  it('a flood without a token gets 429, while tenants are served', async () => {
    const headers = { authorization: '', 'x-api-key': '' };
    // no other test uses this method without a route
    const flood = () => Promise.all(Array.from({ length: 300 }, () => request('/flood', { method: 'PATCH', headers })));
    const throttled = await eventually('a 429', async () => (await flood()).find(({ status }) => status === 429));
    expect([throttled.headers.get('content-type'), throttled.headers.get('retry-after')]).toEqual([
      'application/problem+json',
      '1',
    ]);
    expect((await request(`/jobs/${TYPE}`)).status).toBe(200);
  });

  it('a refused request leaves nothing in a lane or in the jobs table', async () => {
    const callers: Difference['headers'][] = [
      { authorization: `Bearer ${await createToken({ scopes: ['jobs/read'] })}` },
      { authorization: `Bearer ${await createToken({ userPoolId: await createForeignPool() })}` },
      { 'x-api-key': (await createKey({ throttle: { rateLimit: 0, burstLimit: 0 } })).value },
    ];
    for (const refused of callers) {
      const { status } = await refuse({ ...body(good, ''), difference: { body: good, headers: refused ?? {} } });
      expect([401, 429]).toContain(status);
    }
    // the search finds this last job, so it would also have found the others
    const accepted = `${MARK}-accepted`;
    await submit(TYPE, input, accepted);
    await waitForOutcome(TYPE, accepted);
    expect(await idsInTheTable(MARK)).toEqual([accepted]);
    // its events reach the bus shortly after its outcome can be read
    const found = await eventually('the accepted job in a queue', async () => {
      const ids = await idsInTheQueues();
      return ids.size > 0 && ids;
    });
    expect(found).toEqual(new Set([accepted]));
  });
});

/** The ids with a given start, of all tenants and job types. */
async function idsInTheTable(start: string): Promise<unknown[]> {
  const ids: unknown[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new ScanCommand({
        TableName: output('processing', 'JobsTableName'),
        FilterExpression: 'begins_with(jobId, :start)',
        ExpressionAttributeValues: { ':start': start },
        ExclusiveStartKey: from,
      }),
    );
    ids.push(...Items.map(({ jobId }) => jobId));
    from = LastEvaluatedKey;
  } while (from);
  return ids;
}

/** The ids in all of the engine's queues: lanes, dead-letter queues, and the bus's inspection queue. */
async function idsInTheQueues(): Promise<Set<string>> {
  const text = await (await fetch(`${engine.endpoint}/_ministack/sqs/messages`)).text();
  return new Set(text.match(new RegExp(`${MARK}[-a-z0-9]*`, 'g')));
}

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { answer, callerOf, headerOf, Problem } from './light-function.ts';

const request = {
  resource: '/jobs/sample/{jobId}',
  requestContext: { requestId: '8a6d0f3e-4b52-4a0e-9c3c-5d1f2a7b6e90', authorizer: { claims: { sub: 'tenant-1' } } },
} as unknown as APIGatewayProxyEvent;

describe('a light function', () => {
  it('finds the tenant in the token and the job type in the route', () => {
    expect(callerOf(request)).toEqual({ tenant: 'tenant-1', type: 'sample' });
  });

  it('finds a header whatever the case of its name, which HTTP ignores', () => {
    const event = { headers: { 'idempotency-key': 'key-1' } } as unknown as APIGatewayProxyEvent;
    expect([headerOf(event, 'Idempotency-Key'), headerOf(event, 'traceparent')]).toEqual(['key-1', undefined]);
  });

  it('answers 200 with the result of a light function, which must not be cached', async () => {
    const { statusCode, headers, body } = await answer(request, async () => ({ jobs: [] }));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { jobs: [] }]);
    expect(headers).toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  it('answers HEAD as GET, but without a body', async () => {
    const head = { ...request, httpMethod: 'HEAD' } as APIGatewayProxyEvent;
    expect(await answer(head, async () => ({ jobs: [] }))).toMatchObject({ statusCode: 200, body: '' });
    const problem = new Problem('unknownJob', { jobId: 'j', type: 'sample' });
    const refused = await answer(head, () => Promise.reject(problem));
    expect(refused).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: '',
    });
  });

  it('answers with the problem document of a problem that a light function throws', async () => {
    const problem = new Problem('unknownJob', { jobId: '{type}', type: 'sample' });
    const { statusCode, headers, body } = await answer(request, () => Promise.reject(problem));
    expect(headers).toEqual({ 'content-type': 'application/problem+json' });
    expect([statusCode, JSON.parse(body)]).toEqual([
      404,
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'Job {type} of type sample is unknown, or has not started yet: poll the Location you were given.',
        instance: `urn:uuid:${request.requestContext.requestId}`,
      },
    ]);
  });

  it.each([new TypeError('x is undefined: secret'), 'a string', undefined])(
    'answers 500 and reveals nothing when a light function throws %s',
    async (thrown) => {
      const { statusCode, headers, body } = await answer(request, () => Promise.reject(thrown));
      expect([statusCode, headers]).toEqual([500, { 'content-type': 'application/problem+json', 'Retry-After': '5' }]);
      expect(JSON.parse(body)).toMatchObject({ status: 500, title: 'Internal Server Error' });
      expect(body).not.toContain('secret');
    },
  );

  it.each([
    ['is throttled', { name: 'ProvisionedThroughputExceededException' }],
    ['did not answer in time', { name: 'TimeoutError' }],
    ['failed', { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }],
    ['closed the connection', { code: 'ECONNRESET' }],
  ])('answers 503, to be asked again soon, when a service that a light function calls %s', async (_, reason) => {
    const thrown = Object.assign(new Error('secret'), reason);
    const { statusCode, headers, body } = await answer(request, () => Promise.reject(thrown));
    expect([statusCode, headers]).toEqual([503, { 'content-type': 'application/problem+json', 'Retry-After': '5' }]);
    expect(JSON.parse(body)).toMatchObject({ status: 503, title: 'Service Unavailable' });
    expect(body).not.toContain('secret');
  });

  it('answers 500 when AWS denies a call of a light function, because that is not over soon', async () => {
    const denied = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(await answer(request, () => Promise.reject(denied))).toMatchObject({ statusCode: 500 });
  });

  it('answers 500 when a request to a light function has no caller', async () => {
    const { requestContext } = request;
    const nobody = { ...request, requestContext: { ...requestContext, authorizer: null } } as APIGatewayProxyEvent;
    expect(await answer(nobody, async () => callerOf(nobody))).toMatchObject({ statusCode: 500 });
  });
});

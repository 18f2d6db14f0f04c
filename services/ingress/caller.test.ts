import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { answer, callerOf } from './caller.ts';
import { Problem } from './problem.ts';

const request: APIGatewayProxyEvent = JSON.parse(
  readFileSync(join(__dirname, 'functions/api-get-job/event.json'), 'utf8'),
);

describe('an answer', () => {
  it('is what the work returns', async () => {
    const { statusCode, body } = await answer(request, async () => ({ jobs: [] }));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { jobs: [] }]);
  });

  it('is the problem that the work throws', async () => {
    const { statusCode, headers, body } = await answer(request, () => Promise.reject(new Problem(404, 'Not here.')));
    expect(headers).toEqual({ 'content-type': 'application/problem+json' });
    expect([statusCode, JSON.parse(body)]).toEqual([
      404,
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'Not here.',
        instance: `urn:uuid:${request.requestContext.requestId}`,
      },
    ]);
  });

  it.each([new TypeError('x is undefined: secret'), 'a string', undefined])(
    'is a problem document, too, if something unexpected is thrown: %s',
    async (thrown) => {
      const { statusCode, headers, body } = await answer(request, () => Promise.reject(thrown));
      expect([statusCode, headers]).toEqual([500, { 'content-type': 'application/problem+json' }]);
      expect(JSON.parse(body)).toMatchObject({ status: 500, title: 'Internal Server Error' });
      expect(body).not.toContain('secret');
    },
  );

  it('is a problem document if the request itself cannot be read', async () => {
    const { requestContext } = request;
    const nobody = { ...request, requestContext: { ...requestContext, authorizer: null } } as APIGatewayProxyEvent;
    expect(await answer(nobody, async () => callerOf(nobody))).toMatchObject({ statusCode: 500 });
  });
});

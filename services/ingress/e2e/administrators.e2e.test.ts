import { adminRequest, signedRequest } from '@spillway/e2e/administrator.ts';
import { engine, output, request } from '@spillway/e2e/deployed.ts';

/** A route that only the test tree has (local/test/overlay). */
const PATH = '/admin/callers/me';
const SIGN = 'sign the request with AWS Signature Version 4';

describe('routes for administrators', () => {
  it('an administrator calls an admin route with a signature, without a token or an API key', async () => {
    const { status, body } = await adminRequest(PATH);
    expect([status, body]).toEqual([
      200,
      { arn: expect.stringMatching(/:user\/spillway-local-administrator$/), name: 'me' },
    ]);
    expect((await adminRequest(PATH, { method: 'HEAD' })).status).toBe(200);
  });

  it('a tenant cannot call an admin route: its token is not a signature', async () => {
    const { status, headers } = await request(PATH);
    expect([status, headers.get('content-type')]).toEqual([403, 'application/problem+json']);
  });

  it('an admin route refuses a request without a signature, and says how to sign', async () => {
    const { status, body } = await request(PATH, { headers: { authorization: '', 'x-api-key': '' } });
    expect([status, body.detail]).toEqual([403, expect.stringContaining(SIGN)]);
  });

  it('an admin route refuses a signature that was made with a wrong secret, and says how to sign', async () => {
    const { status, body } = await adminRequest(PATH, {}, { secretAccessKey: 'wrong' });
    expect([status, body.detail]).toEqual([403, expect.stringContaining(SIGN)]);
  });

  it('an administrator’s credentials may do nothing else, such as to read the jobs table', async () => {
    const { status, body } = await signedRequest('dynamodb', engine.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.Scan', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ TableName: output('processing', 'JobsTableName') }),
    });
    expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining('AccessDenied')]);
  });

  it('an administrator is not a tenant: a signature does not open the routes of tenants', async () => {
    expect((await adminRequest('/jobs/csv-import')).status).toBe(401);
  });

  it('an admin path answers another method with 405 and Allow, and an unknown one with 404', async () => {
    const wrong = await request(PATH, { method: 'PUT', headers: { authorization: '', 'x-api-key': '' } });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await request('/admin/nothing')).status).toBe(404);
  });
});

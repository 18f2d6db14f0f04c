import { randomUUID } from 'node:crypto';
import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  GetMethodCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { gateway } from '@spillway/e2e/callers.ts';
import { engine, output } from '@spillway/e2e/deployed.ts';

/**
 * The deployed POST of a job type, copied to another API and pointed at a lane that does not exist: what SQS answers and
 * what the front door makes of it are real, and no other test loses its lane.
 */
async function copyWithoutLane(path: string): Promise<{ apiId: string; url: string }> {
  const { items = [] } = await gateway.send(
    new GetResourcesCommand({ restApiId: output('ingress', 'ApiId'), limit: 500 }),
  );
  const resourceId = items.find((item) => item.path === path)?.id;
  const { methodIntegration: integration } = await gateway.send(
    new GetMethodCommand({ restApiId: output('ingress', 'ApiId'), resourceId, httpMethod: 'POST' }),
  );
  const { id: restApiId = '', rootResourceId } = await gateway.send(new CreateRestApiCommand({ name: 'no-lane' }));
  const method = { restApiId, resourceId: rootResourceId, httpMethod: 'POST' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await gateway.send(
    new PutIntegrationCommand({
      ...method,
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: integration?.uri?.replace(/[^/]+$/, 'no-such-lane'),
      credentials: integration?.credentials,
      requestTemplates: integration?.requestTemplates,
    }),
  );
  for (const { statusCode, ...response } of Object.values(integration?.integrationResponses ?? {})) {
    await gateway.send(new PutMethodResponseCommand({ ...method, statusCode }));
    await gateway.send(new PutIntegrationResponseCommand({ ...method, ...response, statusCode }));
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'x' }));
  return { apiId: restApiId, url: `${engine.endpoint}/restapis/${restApiId}/x/_user_request_/` };
}

it('a submit to a lane that does not exist gets 503, which says that nothing was accepted and when to try again', async () => {
  const { apiId, url } = await copyWithoutLane('/jobs/csv-import');
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ note: randomUUID() }),
    });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json',
      '5',
    ]);
    expect(await answer.json()).toMatchObject({
      title: 'Service Unavailable',
      status: 503,
      detail: expect.stringContaining('Nothing was accepted'),
    });
  } finally {
    await gateway.send(new DeleteRestApiCommand({ restApiId: apiId }));
  }
});

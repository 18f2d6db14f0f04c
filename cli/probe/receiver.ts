import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteMethodCommand,
  DeleteRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { type Context, until } from './context.ts';

/** What the receiver answers on one path. */
export interface Reply {
  status: number;
  retryAfterSeconds?: number;
}

/** A receiver of webhooks. */
export interface Receiver {
  urlOf(path: string): string;
  /** Changes what it answers on a path from now on. */
  change(path: string, reply: Reply): Promise<void>;
}

/** The stage of the receiver's API. */
const API_STAGE = 'hook';

/**
 * Makes a receiver of webhooks, until the clean-up: an API of its own, with mock integrations that run no code. It is public,
 * as webhooks must be, and keeps nothing of what it gets.
 *
 * @param replies what it answers on each path, a single word
 */
export async function createReceiver(
  context: Context,
  name: string,
  replies: Record<string, Reply>,
): Promise<Receiver> {
  // API Gateway takes a new API every three seconds and a deployment every five
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  const gateway = new APIGatewayClient({ maxAttempts: 10, retryMode: 'adaptive' });
  const { id: restApiId = '', rootResourceId } = await gateway.send(
    new CreateRestApiCommand({
      name: `${context.label}-${name}`,
      endpointConfiguration: { types: ['REGIONAL'] },
    }),
  );
  context.cleanUp.add('delete the receiver of webhooks', () => gateway.send(new DeleteRestApiCommand({ restApiId })));
  const region = await gateway.config.region();
  const base = context.endpoint
    ? `${context.endpoint}/restapis/${restApiId}/${API_STAGE}/_user_request_`
    : `https://${restApiId}.execute-api.${region}.amazonaws.com/${API_STAGE}`;
  const urlOf = (path: string) => `${base}/${path}`;
  const resources = new Map<string, string>();

  async function put(path: string, { status, retryAfterSeconds }: Reply): Promise<void> {
    const method = { restApiId, resourceId: resources.get(path), httpMethod: 'POST' };
    const statusCode = String(status);
    await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
    await gateway.send(
      new PutIntegrationCommand({
        ...method,
        type: 'MOCK',
        requestTemplates: { 'application/json': `{"statusCode":${status}}` },
      }),
    );
    const header = 'method.response.header.Retry-After';
    const wait = retryAfterSeconds !== undefined;
    await gateway.send(
      new PutMethodResponseCommand({ ...method, statusCode, ...(wait && { responseParameters: { [header]: true } }) }),
    );
    await gateway.send(
      new PutIntegrationResponseCommand({
        ...method,
        statusCode,
        ...(wait && { responseParameters: { [header]: `'${retryAfterSeconds}'` } }),
        responseTemplates: { 'application/json': '{}' },
      }),
    );
  }

  /** Makes the methods reachable, and waits until they are. */
  async function deploy(path: string, { status, retryAfterSeconds }: Reply): Promise<void> {
    await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: API_STAGE }));
    const expected = retryAfterSeconds === undefined ? null : String(retryAfterSeconds);
    await until(context, `the receiver to answer ${status}`, 180, async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(urlOf(path), { method: 'POST', headers, body: '{}' });
      return answer.status === status && answer.headers.get('retry-after') === expected;
    });
  }

  for (const [path, reply] of Object.entries(replies)) {
    const { id = '' } = await gateway.send(
      new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart: path }),
    );
    resources.set(path, id);
    await put(path, reply);
  }
  const [first] = Object.entries(replies);
  if (first) await deploy(...first);

  return {
    urlOf,
    async change(path, reply) {
      await gateway.send(new DeleteMethodCommand({ restApiId, resourceId: resources.get(path), httpMethod: 'POST' }));
      await put(path, reply);
      await deploy(path, reply);
    },
  };
}

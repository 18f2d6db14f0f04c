import { randomUUID } from 'node:crypto';
import type { JobType } from '../contracts/job-type.ts';

/** What every placeholder of a route but the job type stands for. */
const NAME = 'example-1';

interface Caller {
  tenant: string;
  stage: string;
}

/**
 * A request to a light function's route, as API Gateway sends it to the function.
 *
 * @param route as in the `function.yml`, such as `GET /jobs/{type}/{jobId}`
 * @param body what is sent as JSON, if anything
 */
export function requestTo(route: string, { name }: JobType, { tenant, stage }: Caller, body?: unknown) {
  const [httpMethod, template = ''] = route.split(' ');
  const resource = template.replace('{type}', name);
  const placeholders = [...resource.matchAll(/\{(\w+)\}/g)].map(([, placeholder = '']) => placeholder);
  const path = resource.replace(/\{\w+\}/g, NAME);
  return {
    resource,
    path,
    httpMethod,
    headers: {},
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    pathParameters: placeholders.length > 0 ? Object.fromEntries(placeholders.map((each) => [each, NAME])) : null,
    queryStringParameters: null,
    requestContext: {
      requestId: randomUUID(),
      requestTimeEpoch: Date.now(),
      path: `/${stage}${path}`,
      authorizer: { claims: { sub: tenant } },
      identity: { userArn: `arn:aws:iam::000000000000:user/${NAME}` },
    },
  };
}

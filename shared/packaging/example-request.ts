import { randomUUID } from 'node:crypto';
import type { JobType } from '../contracts/job-type.ts';

const JOB_ID = 'example-1';

/**
 * A request to a light function's route, as API Gateway sends it to the function.
 *
 * @param route as in the `function.yml`, such as `GET /jobs/{type}/{jobId}`
 */
export function requestTo(route: string, { name }: JobType, caller: { tenant: string; stage: string }) {
  const [httpMethod, template = ''] = route.split(' ');
  const resource = template.replace('{type}', name);
  const path = resource.replace('{jobId}', JOB_ID);
  return {
    resource,
    path,
    httpMethod,
    headers: {},
    pathParameters: path === resource ? null : { jobId: JOB_ID },
    queryStringParameters: null,
    requestContext: {
      requestId: randomUUID(),
      path: `/${caller.stage}${path}`,
      authorizer: { claims: { sub: caller.tenant } },
    },
  };
}

import { logger } from '@spillway/shared/runtime/logging.ts';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { answerOf, ok, Problem } from './problem.ts';

/** What a request is about, read from its route and its token. */
export interface Caller {
  tenant: string;
  type: string;
}

/** The tenant is the token's subject; the job type is the literal segment of the matched route, `/jobs/<type>/…`. */
export function callerOf({ resource, requestContext }: APIGatewayProxyEvent): Caller {
  const tenant = requestContext.authorizer?.claims?.sub;
  const type = resource.split('/')[2];
  if (!tenant || !type) throw new Error('the route has no authorizer or no job type');
  return { tenant, type };
}

/**
 * Answers with what `work` returns, or with the problem it throws. Anything else that it throws is ours to mend: it is
 * logged, and the caller gets a 500 that says nothing of our insides.
 */
export async function answer(
  event: APIGatewayProxyEvent,
  work: () => Promise<unknown>,
): Promise<APIGatewayProxyResult> {
  const { requestId } = event.requestContext;
  try {
    return ok(await work());
  } catch (thrown) {
    if (thrown instanceof Problem) return answerOf(thrown, requestId);
    logger.error('the request failed', { requestId, error: thrown });
    return answerOf(new Problem(500, 'Something went wrong here. Send it again later.'), requestId);
  }
}

import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { tokenOf } from '../../socket/caller.ts';

/** What a valid token says. */
export interface Claims {
  /** The tenant. */
  sub: string;
  /** When it expires, seconds since 1970. */
  exp: number;
}

/**
 * Lets a caller connect who has an access token of the user pool with the scope to read, as the front door does.
 *
 * @param verify throws if a token is not valid now or lacks the scope
 * @returns a denial, which API Gateway answers with 403, for every other caller
 */
export async function authorize(
  { headers, methodArn }: Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'methodArn'>,
  verify: (token: string) => Promise<Claims>,
): Promise<APIGatewayAuthorizerResult> {
  const token = tokenOf(headers);
  const claims = token && (await verify(token).catch(() => undefined));
  if (!claims) return decision('Deny', 'nobody', methodArn);
  return {
    ...decision('Allow', claims.sub, methodArn),
    // reaches the functions behind the API as texts
    context: { tenant: claims.sub, until: String(claims.exp) },
  };
}

const decision = (Effect: 'Allow' | 'Deny', principalId: string, Resource: string): APIGatewayAuthorizerResult => ({
  principalId,
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
});

import { environment } from '@spillway/shared/runtime/environment.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { authorize } from './authorize.ts';

const { USER_POOL_ID, SCOPE, AWS_ENDPOINT_URL } = environment({
  USER_POOL_ID: z.string(),
  SCOPE: z.string(),
  /** Where AWS is, if not at its usual place: the setting of the AWS SDKs, which the verifier does not read. */
  AWS_ENDPOINT_URL: z.optional(z.url()),
});

/** Half of the function's time: the keys take milliseconds, and a client waits for its handshake. */
const FETCH_MS = 5000;

/** The pool's public keys are fetched once, and again when a token names one that is new. */
const keys = new SimpleJwksCache({
  fetcher: {
    async fetch(uri) {
      const { origin } = new URL(uri);
      const url = AWS_ENDPOINT_URL ? uri.replace(origin, AWS_ENDPOINT_URL) : uri;
      const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
      if (!response.ok) throw new Error(`the keys of the user pool could not be fetched: ${response.status}`);
      return response.arrayBuffer();
    },
  },
});
const verifier = CognitoJwtVerifier.create(
  // any app client of the pool: each is a tenant
  { userPoolId: USER_POOL_ID, tokenUse: 'access', clientId: null, scope: SCOPE },
  { jwksCache: keys },
);

export const handler = (event: APIGatewayRequestAuthorizerEvent) =>
  authorize(event, async (token) => {
    try {
      return await verifier.verify(token);
    } catch (error) {
      // the reason, never the token
      logger.info('refused a connection', { reason: (error as Error).name });
      throw error;
    }
  });

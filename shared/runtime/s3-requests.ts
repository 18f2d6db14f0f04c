import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { awsDomain } from './aws-domain.ts';

/** S3 answered a request with an error. */
export class ObjectError extends Error {
  override readonly name = 'ObjectError';
  readonly code = 'OBJECT_STORE_FAILED';
}

/** How often a request is repeated after a 5xx, a 429 or a broken connection. The longest wait doubles from 50 ms. */
const RETRIES = 4;
const FIRST_WAIT_MS = 50;
/** How long one try may take: enough for 10 MB at the speed of a small function. */
const LONGEST_TRY_MS = 10_000;

export type S3Requests = ReturnType<typeof s3Requests>;

/**
 * Signed requests to a bucket.
 *
 * @param bucket a name without dots, because it becomes part of the host name
 */
export function s3Requests(bucket: string) {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const base = endpoint ? `${endpoint}/${bucket}` : `https://${bucket}.s3.${region}.${awsDomain(region)}`;
  const urlOf = (key: string, query = '') => {
    const parts = key.split('/');
    // a URL resolves them, and would lead to another object
    if (parts.some((part) => part === '.' || part === '..')) throw new ObjectError(`the key ${key} has a part . or ..`);
    return `${base}/${parts.map(encodeURIComponent).join('/')}${query && `?${query}`}`;
  };

  // created anew for each request, because Lambda replaces the credentials in a warm function's environment
  const client = () =>
    new AwsClient({
      accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
      service: 's3',
      region,
      retries: 0,
    });

  return {
    bucket,
    region,
    /** Where the bucket is. */
    url: base,
    /**
     * Sends a request, and repeats it while that can help.
     *
     * @throws ObjectError if S3 answers with an error other than 404
     */
    async send(key: string, init: RequestInit & { query?: string }): Promise<Response> {
      const { query, ...request } = init;
      const response = await persistently(() =>
        client().fetch(urlOf(key, query), { ...request, signal: AbortSignal.timeout(LONGEST_TRY_MS) }),
      );
      if (response.ok || response.status === 404) return response;
      const reason = (await response.text()).slice(0, 300);
      throw new ObjectError(`${init.method} s3://${bucket}/${key}: ${response.status} ${reason}`);
    },
    /** A URL from which anyone can read the object for some seconds, or until the credentials that signed it expire. */
    async link(key: string, seconds: number): Promise<string> {
      const { url } = await client().sign(urlOf(key, `X-Amz-Expires=${seconds}`), { aws: { signQuery: true } });
      return url;
    },
  };
}

/** A connection that was open while the function was frozen is often broken, and then `fetch` rejects. */
async function persistently(send: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    const last = tries === RETRIES;
    const response = await send().catch((error: unknown) => {
      if (last) throw error;
    });
    if (response && (last || (response.status < 500 && response.status !== 429))) return response;
    await response?.body?.cancel();
    await sleep(Math.random() * FIRST_WAIT_MS * 2 ** tries);
  }
}

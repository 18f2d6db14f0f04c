import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';

/** S3 answered a request with an error. */
export class ObjectError extends Error {
  override readonly name = 'ObjectError';
  readonly code = 'OBJECT_STORE_FAILED';
}

/** The objects of a bucket. A library of 3 KB signs the requests; the S3 client would add 40 KB (docs/decisions). */
export interface Objects {
  put(key: string, body: string, contentType: string): Promise<void>;
  /**
   * @returns undefined if there is no such object
   * @throws ObjectError even for a missing object if the caller lacks s3:ListBucket, because S3 then answers 403
   *   (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
   */
  get(key: string): Promise<string | undefined>;
  /** A URL from which anyone can read the object for some seconds, or until the credentials that signed it expire. */
  link(key: string, seconds: number): Promise<string>;
}

/** How often a put or get is retried after a 5xx, a 429 or a broken connection. The longest wait doubles from 50 ms. */
const RETRIES = 4;
const FIRST_WAIT_MS = 50;
/** How long one try may take: enough for 10 MB at the speed of a small function. */
const LONGEST_TRY_MS = 10_000;

/** @param bucket a name without dots, because it becomes part of the host name */
export function objects(bucket: string): Objects {
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const base = endpoint ? `${endpoint}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
  const urlOf = (key: string) => `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;

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

  async function request(key: string, init: RequestInit): Promise<Response> {
    const response = await persistently(() =>
      client().fetch(urlOf(key), { ...init, signal: AbortSignal.timeout(LONGEST_TRY_MS) }),
    );
    if (!response.ok && response.status !== 404) {
      throw new ObjectError(
        `${init.method} s3://${bucket}/${key}: ${response.status} ${(await response.text()).slice(0, 300)}`,
      );
    }
    return response;
  }

  return {
    async put(key, body, contentType) {
      const response = await request(key, { method: 'PUT', body, headers: { 'content-type': contentType } });
      if (response.status === 404) throw new ObjectError(`bucket ${bucket} does not exist`);
    },
    async get(key) {
      const response = await request(key, { method: 'GET' });
      return response.status === 404 ? undefined : response.text();
    },
    async link(key, seconds) {
      const { url } = await client().sign(`${urlOf(key)}?X-Amz-Expires=${seconds}`, { aws: { signQuery: true } });
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

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** The address that was checked; the connection goes there and nowhere else. */
export interface Target {
  url: URL;
  address: string;
  family: number;
}

/** A receiver's answer; its body is not read. */
export interface Reply {
  status: number;
  retryAfter: string | undefined;
}

/**
 * One POST to an address that was resolved before, so that no second look-up can lead elsewhere. TLS still checks the name.
 * Redirects are answers like any other.
 */
export function post(
  { url, address, family }: Target,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Reply> {
  const lookup: LookupFunction = (_name, { all }, callback) =>
    all ? callback(null, [{ address, family }]) : callback(null, address, family);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body).toString() },
      lookup,
      signal,
      agent: false,
    });
    outgoing.once('response', (response) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      // however long the answer is
      response.destroy();
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

import type { LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** The addresses that were checked, one at least; the connection goes to one of them and nowhere else. */
export interface Target {
  url: URL;
  addresses: [LookupAddress, ...LookupAddress[]];
}

/** A receiver's answer; its body is not read. */
export interface Reply {
  status: number;
  retryAfter: string | undefined;
}

/**
 * One POST to addresses that were resolved before, so that no second look-up can lead elsewhere. Node tries them one after
 * the other, since a Lambda function outside of a VPC reaches no IPv6. TLS still checks the name. Redirects are answers like
 * any other.
 */
export function post(
  { url, addresses }: Target,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<Reply> {
  const lookup: LookupFunction = (_name, { all }, callback) =>
    all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family);
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
    // of several addresses' errors the last one's: together they have no message
    outgoing.once('error', (error) => reject((error as Partial<AggregateError>).errors?.at(-1) ?? error));
    outgoing.end(body);
  });
}

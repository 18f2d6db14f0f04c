import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** A URL and its checked addresses, at least one. The connection goes only to these addresses. */
export interface Target {
  url: URL;
  addresses: [LookupAddress, ...LookupAddress[]];
}

/** The longest header that a receiver may answer with, as in browsers. Node's default is 16 KB, and cookies can be longer. */
const LONGEST_HEADER_BYTES = 256 * 1024;

/**
 * How long an attempt at one of several addresses may take, except for the last. Node's default of 250 ms is less than a
 * connection to another continent takes. This is enough for a lost packet, which is sent again after a second, and leaves most of
 * the 15 s to the next address.
 */
const CONNECTION = { autoSelectFamilyAttemptTimeout: 5000 };

/** A receiver's response. Its body is not read. */
export interface Reply {
  status: number;
  retryAfter: string | undefined;
}

/**
 * Makes one POST request to addresses that were resolved before, so that no second look-up can lead elsewhere. Node tries
 * them one after the other, beginning with the family of the first. TLS still checks the host
 * name. A redirect is a response like any other.
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
      ...CONNECTION,
      signal,
      agent: false,
      maxHeaderSize: LONGEST_HEADER_BYTES,
    });
    const answered = (response: IncomingMessage) => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
      // so a long or endless body does not matter
      response.destroy();
    };
    outgoing.once('response', answered);
    // a 101: we asked for no other protocol, so this is an answer like any other
    outgoing.once('upgrade', answered);
    // if every address failed, the error of the last one: the error that combines them has no message
    outgoing.once('error', (error) => reject((error as Partial<AggregateError>).errors?.at(-1) ?? error));
    outgoing.end(body);
  });
}

import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';

/** What a handshake brings, by header names in any case. */
type Headers = Readonly<Record<string, string | undefined>>;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const header = (headers: Headers, name: string) =>
  Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1] ?? '';

const offered = (headers: Headers) =>
  header(headers, 'sec-websocket-protocol')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/**
 * The access token of a handshake: from the header `Authorization`, or from a browser, which cannot set it, as one of the
 * subprotocols that it offers. A URL would be logged, so there it is not looked for.
 */
export function tokenOf(headers: Headers | null | undefined): string | undefined {
  if (!headers) return undefined;
  const [, bearer] = /^(?:bearer )?\s*(\S+)$/i.exec(header(headers, 'authorization').trim()) ?? [];
  return bearer ?? offered(headers).find((each) => JWT.test(each));
}

/**
 * The subprotocol that the server chooses, which must be one that the client offers
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html). Ours, or another
 * one, and the token itself only if nothing else is offered: browsers close a connection for which none was chosen.
 */
export function chosenProtocol(headers: Headers | null | undefined): string | undefined {
  const all = offered(headers ?? {});
  return all.find((each) => each === SUBPROTOCOL) ?? all.find((each) => !JWT.test(each)) ?? all[0];
}

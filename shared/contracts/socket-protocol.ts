/** What clients of the socket need to know beside its messages (socket.ts), without zod. */

/**
 * The WebSocket subprotocol. A client that cannot set headers, such as a browser, offers it together with its access token:
 * `new WebSocket(url, [SUBPROTOCOL, token])`. The server chooses the subprotocol, so it never repeats the token.
 */
export const SUBPROTOCOL = 'spillway';

/** How many subscriptions a connection may have. Whoever wants more subscribes to a type, or to all jobs. */
export const MOST_SUBSCRIPTIONS = 100;

/** How far back a catch-up may go. Whoever was away for longer reads the list of jobs. */
export const LONGEST_AWAY_SECONDS = 24 * 60 * 60;

/**
 * API Gateway closes a connection over which no message went for ten minutes, and every connection after two hours
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html).
 */
export const IDLE_SECONDS = 600;

/** The part of an API Gateway WebSocket event that the functions use. */
export interface SocketEvent {
  /** Only of `$connect`. */
  headers?: Record<string, string | undefined> | null;
  /** Only of a message. */
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext: {
    connectionId: string;
    apiId: string;
    requestId: string;
    /** What socket-authorize said. */
    authorizer?: { tenant: string; until: string };
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { DeleteConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import { socketConnections } from '@spillway/shared/runtime/aws.ts';
import type { Connection } from './connections.ts';

/** What became of a message: it was sent, the connection has ended, it takes no more now, or it will never take this one. */
export type Sent = 'sent' | 'gone' | 'busy' | 'refused';

export type Wire = ReturnType<typeof wire>;

/** Sends to the connections of a stage's WebSocket APIs, of which there is one. */
export function wire(stage: string) {
  const clients = new Map<string, ReturnType<typeof socketConnections>>();
  const clientOf = (apiId: string) => {
    const client = clients.get(apiId) ?? socketConnections(apiId, stage);
    clients.set(apiId, client);
    return client;
  };

  return {
    async send({ id, apiId }: Pick<Connection, 'id' | 'apiId'>, text: string): Promise<Sent> {
      try {
        await clientOf(apiId).send(new PostToConnectionCommand({ ConnectionId: id, Data: text }));
        return 'sent';
      } catch (error) {
        return failureOf(error);
      }
    },

    /** Closes a connection; one that has ended already is fine. */
    async close({ id, apiId }: Pick<Connection, 'id' | 'apiId'>): Promise<void> {
      try {
        await clientOf(apiId).send(new DeleteConnectionCommand({ ConnectionId: id }));
      } catch (error) {
        if (failureOf(error) !== 'gone') throw error;
      }
    },
  };
}

/**
 * Sends a message, and again after each of the pauses while the client is busy, as far as they end before a time.
 *
 * @param endsAt milliseconds since 1970
 */
export async function sendPatiently(
  send: () => Promise<Sent>,
  pausesMs: readonly number[],
  endsAt = Number.POSITIVE_INFINITY,
): Promise<Sent> {
  for (const ms of pausesMs) {
    const sent = await send();
    if (sent !== 'busy' || Date.now() + ms >= endsAt) return sent;
    await pause(ms);
  }
  return send();
}

/**
 * https://docs.aws.amazon.com/apigatewaymanagementapi/latest/APIReference or the SDK: 410 if the connection has ended, 413 for
 * more than 128 KB, 429 if we send too fast or the client's buffer is full. A timeout is a slow client, too.
 *
 * @throws the error if the call itself is wrong, such as for a missing permission
 */
function failureOf(error: unknown): Exclude<Sent, 'sent'> {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status === 410) return 'gone';
  if (status === 413) return 'refused';
  if (status === 429 || (status ?? 0) >= 500 || (status === undefined && /timeout|ECONN/i.test(`${name} ${error}`))) {
    return 'busy';
  }
  throw error;
}

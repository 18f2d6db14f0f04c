import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import type { SocketEvent } from '../../socket/socket-event.ts';

const { CONNECTIONS_TABLE } = environment({ CONNECTIONS_TABLE: z.string() });
const store = connections(dynamo(), CONNECTIONS_TABLE);

/**
 * Forgets a connection. API Gateway does not promise to say that one has ended; then the next push finds out, or the end of
 * its token.
 */
export async function handler({ requestContext: { connectionId } }: SocketEvent): Promise<{ statusCode: number }> {
  await store.close(connectionId);
  return { statusCode: 200 };
}

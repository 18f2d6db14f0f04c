import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { chosenProtocol } from '../../socket/caller.ts';
import { connections } from '../../socket/connections.ts';
import type { SocketEvent } from '../../socket/socket-event.ts';

const { CONNECTIONS_TABLE } = environment({ CONNECTIONS_TABLE: z.string() });
const store = connections(dynamo(), CONNECTIONS_TABLE);

/** Notes a connection that the authorizer let in. If this fails, API Gateway refuses the connection. */
export async function handler({ headers, requestContext }: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { connectionId, apiId, authorizer } = requestContext;
  if (!authorizer) throw new Error('the route $connect has no authorizer');
  await store.open({ id: connectionId, apiId, tenant: authorizer.tenant, until: Number(authorizer.until) });
  const protocol = chosenProtocol(headers);
  return { statusCode: 200, ...(protocol !== undefined && { headers: { 'Sec-WebSocket-Protocol': protocol } }) };
}

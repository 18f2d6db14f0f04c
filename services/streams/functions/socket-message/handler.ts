import { catchUps } from '@spillway/shared/job-store/catch-ups.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { socketObserver } from '@spillway/shared/runtime/observers.ts';
import * as z from 'zod/mini';
import { catchUpLocks } from '../../socket/catch-up-locks.ts';
import { connections } from '../../socket/connections.ts';
import type { SocketEvent } from '../../socket/socket-event.ts';
import { wire } from '../../socket/wire.ts';
import { handleMessage, type MessageTools } from './handle-message.ts';

const { CONNECTIONS_TABLE, JOBS_TABLE, JOB_TYPES, STAGE } = environment({
  CONNECTIONS_TABLE: z.string(),
  JOBS_TABLE: z.string(),
  /** Names, separated by commas. */
  JOB_TYPES: z.string(),
  STAGE: z.string(),
});
const client = dynamo();
const observer = socketObserver();
const tools: MessageTools = {
  store: connections(client, CONNECTIONS_TABLE),
  locks: catchUpLocks(client, CONNECTIONS_TABLE),
  wire: wire(STAGE),
  past: catchUps(client, JOBS_TABLE),
  types: new Set(JOB_TYPES.split(',')),
  observer,
  now: () => new Date(),
};

/** Handles what a client sends. */
export async function handler({ body, isBase64Encoded, requestContext }: SocketEvent): Promise<{ statusCode: number }> {
  const { connectionId: id, apiId, requestId } = requestContext;
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '');
  try {
    await handleMessage({ id, apiId, body: text, requestId }, tools);
    return { statusCode: 200 };
  } finally {
    observer.flush();
  }
}

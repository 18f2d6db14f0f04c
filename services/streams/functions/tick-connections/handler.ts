import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { socketObserver } from '@spillway/shared/runtime/observers.ts';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { wire } from '../../socket/wire.ts';
import { endConnections } from './end-connections.ts';

const { CONNECTIONS_TABLE, STAGE } = environment({ CONNECTIONS_TABLE: z.string(), STAGE: z.string() });
const observer = socketObserver();
const tools = { store: connections(dynamo(), CONNECTIONS_TABLE), wire: wire(STAGE), observer };

/** The next run is a minute later. */
const LONGEST_RUN_MS = 45_000;

/** Ends the connections whose access tokens have expired. */
export async function handler(): Promise<{ ended: number }> {
  try {
    return { ended: await endConnections(tools, Date.now() + LONGEST_RUN_MS) };
  } finally {
    observer.flush();
  }
}

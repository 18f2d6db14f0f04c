import { setTimeout as sleep } from 'node:timers/promises';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';
import { dynamo, eventually, stage, type Tenant } from './deployed.ts';

/** More than the reader of the stream sends to itself, which are 50 (services/streams/socket/push.ts). */
const MANY = 60;

/** What the server sent: an event, or a problem document. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
export type Sent = any;

/** How to open a socket: with the token as a subprotocol, as browsers do, or in the header `Authorization`. */
export interface Opening {
  protocols?: string[];
  headers?: Record<string, string>;
}

/** An open socket, with all that the server has sent. */
export interface TestSocket {
  protocol: string;
  messages: Sent[];
  /** Sends an object as JSON, or a text as it is. */
  say(message: object | string): void;
  /** The first message that fits. */
  hear(what: string, fits: (message: Sent) => boolean, withinSeconds?: number): Promise<Sent>;
  /** Waits a moment and returns all messages that fit. */
  heard(fits: (message: Sent) => boolean, afterMs?: number): Promise<Sent[]>;
  closed: Promise<void>;
  close(): void;
}

/** Whether a message is an event of a job. */
export const isAbout =
  (jobId: string) =>
  ({ data }: Sent) =>
    data?.jobId === jobId;

/** The events of a job as a client keeps them: the same one can come twice, and an older revision is dropped. */
export function eventsOf(jobId: string, messages: readonly Sent[]): Sent[] {
  let last = -1;
  return messages.filter(({ data }) => {
    if (data?.jobId !== jobId || data.revision <= last) return false;
    last = data.revision;
    return true;
  });
}

const ours = ({ token }: Pick<Tenant, 'token'>): Opening => ({ protocols: [SUBPROTOCOL, token] });

/** Opens the socket of the stage under test. @throws Error if the server refuses the connection */
export async function openSocket(caller: Pick<Tenant, 'token'> | Opening): Promise<TestSocket> {
  const { protocols, headers } = 'token' in caller ? ours(caller) : caller;
  // headers are an addition of Node
  const options = { ...(protocols && { protocols }), ...(headers && { headers }) };
  const socket = new WebSocket(String(stage.socketUrl), options as unknown as string[]);
  const messages: Sent[] = [];
  socket.onmessage = ({ data }) => void messages.push(JSON.parse(String(data)));
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
  });
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('the socket was refused'));
  });
  return {
    protocol: socket.protocol,
    messages,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hear: (what, fits, withinSeconds = 30) => eventually(what, async () => messages.find(fits), withinSeconds),
    async heard(fits, afterMs = 500) {
      await sleep(afterMs);
      return messages.filter(fits);
    },
    closed,
    close: () => socket.close(),
  };
}

/** @returns {@link openSocket} for the tests of a file: each test's sockets are closed after it */
export function socketsOfTests(): typeof openSocket {
  const sockets: TestSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  return async (caller) => {
    const socket = await openSocket(caller);
    sockets.push(socket);
    return socket;
  };
}

/**
 * Opens so many sockets of a tenant that its events go through the queue of pushes, and waits until all are subscribed to all of
 * its jobs. It should be a tenant of the test alone, or the jobs of other tests are pushed to all of them.
 */
export async function openMany(open: typeof openSocket, tenant: Tenant): Promise<TestSocket[]> {
  const sockets: TestSocket[] = [];
  // on a loaded machine, few at a time
  while (sockets.length < MANY) sockets.push(...(await Promise.all(Array.from({ length: 6 }, () => open(tenant)))));
  for (const socket of sockets) socket.say({ action: 'subscribe' });
  await eventually('all subscriptions', async () => {
    const { Count } = await dynamo.send(
      new QueryCommand({
        TableName: `spillway-${stage.name}-connections`,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `all#${tenant.clientId}` },
        Select: 'COUNT',
      }),
    );
    return Count === sockets.length;
  });
  return sockets;
}

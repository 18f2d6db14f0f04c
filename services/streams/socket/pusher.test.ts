import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { type Connections, connections } from './connections.ts';
import { MOST_DIRECT_SUBSCRIBERS } from './push.ts';
import { type PushTools, push } from './pusher.ts';

const time = '2026-11-27T10:00:00Z';
const event = { id: 'x.1', time, data: { tenant: 't', jobType: 'csv-import', jobId: 'x' } } as unknown as JobEvent;

/** A client that never answers, and gives up only at the signal of a call. */
const hanging = {
  send: (_: unknown, options?: { abortSignal?: AbortSignal }) =>
    new Promise((_resolve, reject) => {
      const signal = options?.abortSignal;
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
    }),
};

/** Pushes an event with 50 ms for all of it. @returns why it failed */
async function pushing(store: Connections): Promise<unknown[]> {
  const failures: unknown[] = [];
  const tools = {
    store,
    pushQueue: { client: hanging as unknown as SQSClient, url: 'push.fifo', mostEvents: 16 },
    observer: { failed: (error: unknown) => void failures.push(error), flush: () => {} },
  } as unknown as PushTools;
  await push([event], tools, 50);
  return failures;
}

describe('a push to the clients of the socket', () => {
  it('ends in time although the table of connections hangs, so that the shard goes on, and is counted as failed', async () => {
    const store = connections(hanging as unknown as DynamoDBDocumentClient, 'connections');
    expect(await pushing(store)).toEqual([expect.objectContaining({ name: 'TimeoutError' })]);
  });

  it('ends in time although the queue for many connections hangs, and is counted as failed', async () => {
    const store = {
      presences: async () => new Map([['t', { apiId: 'api', all: Number.POSITIVE_INFINITY }]]),
      subscribers: async () => Array.from({ length: MOST_DIRECT_SUBSCRIBERS + 1 }, (_, n) => `connection-${n}`),
    } as unknown as Connections;
    expect(await pushing(store)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('the queue refused 16 parts of a push') }),
    ]);
  });
});

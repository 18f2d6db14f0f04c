import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { outcomeOf } from '@spillway/shared/contracts/events/event-types.ts';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';

/** When an outcome was settled and reached somewhere, epoch milliseconds. */
export interface Arrival {
  settledAt: number;
  arrivedAt: number;
}

export const delayOf = ({ settledAt, arrivedAt }: Arrival): number => arrivedAt - settledAt;

/** The cells of a table: p50, p95 and the longest, in milliseconds. */
export const percentileCells = (numbers: readonly number[]): string[] =>
  [0.5, 0.95, 1].map((share) => percentile(numbers, share).toFixed(0));

/** The outcomes that come, by job. */
function outcomes() {
  const arrivals = new Map<string, Arrival>();
  return {
    arrivals,
    note({ type, data }: JobEvent, arrivedAt: number): void {
      if (outcomeOf(type) && !arrivals.has(data.jobId))
        arrivals.set(data.jobId, { settledAt: Date.parse(data.settledAt ?? ''), arrivedAt });
    },
  };
}

const READERS = 4;

/** Notes when each outcome reached the inspection queue, which is a target of a rule on the bus, by the queue's own clock. */
export function arrivalsOnBus(QueueUrl: string) {
  const sqs = new SQSClient({});
  const { arrivals, note } = outcomes();
  let stopped = false;
  const reader = async () => {
    while (!stopped) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      for (const { Body = '', Attributes } of Messages)
        note(JSON.parse(Body).detail, Number(Attributes?.SentTimestamp));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const readers = Promise.all(Array.from({ length: READERS }, reader));
  return {
    arrivals,
    async stop(): Promise<void> {
      stopped = true;
      await readers;
    },
  };
}

/** Opens a socket, and notes when each outcome comes that it is subscribed to. */
export async function arrivalsOnSocket(socketUrl: string, token: string) {
  const { arrivals, note } = outcomes();
  const socket = new WebSocket(socketUrl, [SUBPROTOCOL, token]);
  let events = 0;
  let problems = 0;
  socket.onmessage = ({ data }) => {
    const arrivedAt = Date.now();
    const message = JSON.parse(String(data));
    if (!('specversion' in message)) problems += 1;
    else {
      events += 1;
      note(message, arrivedAt);
    }
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new LocalError('REFUSED', 'The socket could not be opened.'));
  });
  return {
    arrivals,
    say: (message: object) => socket.send(JSON.stringify(message)),
    /** How many events and problems have come. */
    counted: () => ({ events, problems }),
    close: () => socket.close(),
  };
}

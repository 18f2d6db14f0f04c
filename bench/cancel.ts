import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { type FrontDoor, frontDoor } from '@spillway/client/front-door.ts';
import { settledOnBus, watchBus } from '@spillway/demo/burst/bus.ts';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { costInputOf } from './cost/inputs.ts';
import type { Deployed } from './deployed-engine.ts';
import { tableOf, verdict } from './table.ts';

const JOBS = 20;
/** How long the receivers take to answer. The longest is below the 15 s that a receiver may take. */
const RUNNING_SECONDS = [1, 12];
const LOOK_EVERY_SECONDS = 5;
const POLL_EVERY_MS = 100;
const TIMEOUT_MS = 60_000;

/** A receiver of webhooks on loopback. */
interface Receiver {
  url: string;
  /** From now on, it takes this long to answer. */
  answerAfter(seconds: number): void;
  /** Those that have connected, by the job's number. */
  connected: Map<string, Date>;
  /** When each connection was closed before the answer, by the job's number. */
  gone: Map<string, Date>;
  stop(): void;
}

interface Tools extends Deployed {
  door: FrontDoor;
  receiver: Receiver;
}

/** Counts what cancelling costs jobs that are not cancelled, and how soon those that are see it. @returns the result as a table */
export async function measureCancel(deployed: Deployed): Promise<string> {
  const { stage, tenant } = deployed;
  const receiver = await startReceiver();
  const door = frontDoor(stage, { token: tokenSource(stage, tenant), apiKey: tenant.apiKey });
  const tools = { ...deployed, door, receiver };
  try {
    const reads: [seconds: number, reads: number][] = [];
    for (const seconds of RUNNING_SECONDS) reads.push([seconds, await countReads(tools, seconds)]);
    const seen = await cancelAll(tools);
    const most = (seconds: number) => Math.floor(seconds / LOOK_EVERY_SECONDS);
    return [
      `Cancelling ${webhookDelivery.name} jobs, ${JOBS} each`,
      tableOf([
        ['', 'a job'],
        ...reads.map(([seconds, count]) => [
          `reads while it runs for ${seconds} s`,
          (count / JOBS).toFixed(2),
          verdict(count / JOBS, most(seconds)),
        ]),
        ['seconds until its code saw the cancellation, p50', percentile(seen, 0.5).toFixed(2)],
        ['… and the last one', Math.max(...seen).toFixed(2), verdict(Math.max(...seen), LOOK_EVERY_SECONDS, ' s')],
      ]),
    ].join('\n');
  } finally {
    receiver.stop();
  }
}

/** Lets jobs run for some time. @returns how many rows were read meanwhile */
async function countReads(tools: Tools, seconds: number): Promise<number> {
  tools.receiver.answerAfter(seconds);
  const bus = watchBus(outputOf(tools.outputs, 'streams', 'InspectionQueueUrl'));
  await tools.calls.reset();
  await submitAll(tools);
  await until(`jobs of ${seconds} s to settle`, () => settledOnBus(bus.seen) >= JOBS);
  await bus.stop();
  return (await tools.calls.read())['DynamoDB.GetItem'] ?? 0;
}

/** Cancels jobs that run. @returns after how many seconds the code of each had seen it */
async function cancelAll(tools: Tools): Promise<number[]> {
  const { door, receiver } = tools;
  receiver.answerAfter(TIMEOUT_MS / 1000);
  receiver.gone.clear();
  const cancelled = new Map<string, Date>();
  for (const id of await submitAll(tools)) {
    await until(`${id} to run`, () => receiver.connected.has(id));
    cancelled.set(id, new Date());
    const { status } = await door.cancel(webhookDelivery.name, id);
    if (status !== 202) throw new LocalError('REFUSED', `The front door refused to cancel a job: ${status}`);
  }
  await until('the cancelled jobs to stop', () => receiver.gone.size === JOBS);
  return [...cancelled].map(([id, at]) => ((receiver.gone.get(id)?.getTime() ?? 0) - at.getTime()) / 1000);
}

async function submitAll({ door, receiver }: Tools): Promise<string[]> {
  const ids = Array.from({ length: JOBS }, () => randomUUID());
  await Promise.all(
    ids.map(async (jobId, n) => {
      const input = costInputOf(webhookDelivery, n, '') as object;
      const url = `${receiver.url}/${jobId}`;
      const { status } = await door.submit(webhookDelivery.name, { ...input, url }, { jobId });
      if (status !== 202) throw new LocalError('REFUSED', `The front door refused a job: ${status}`);
    }),
  );
  return ids;
}

async function until(what: string, done: () => boolean): Promise<void> {
  for (const end = Date.now() + TIMEOUT_MS; !done(); await sleep(POLL_EVERY_MS)) {
    if (Date.now() > end) throw new LocalError('TOO_SLOW', `Waited too long for ${what}.`);
  }
}

async function startReceiver(): Promise<Receiver> {
  const [connected, gone] = [new Map<string, Date>(), new Map<string, Date>()];
  let afterMs = 0;
  const server: Server = createServer((request, response: ServerResponse) => {
    const id = request.url?.slice(1) ?? '';
    connected.set(id, new Date());
    request.resume();
    const timer = setTimeout(() => response.writeHead(204).end(), afterMs);
    response.once('close', () => {
      clearTimeout(timer);
      if (!response.writableEnded) gone.set(id, new Date());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    answerAfter: (seconds) => {
      afterMs = seconds * 1000;
    },
    connected,
    gone,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

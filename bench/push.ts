import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { FACTS_A_JOB } from '@spillway/demo/burst/count-facts.ts';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import { arrivalsOnBus, arrivalsOnSocket, delayOf, percentileCells } from './delays.ts';
import type { Calls, Deployed } from './deployed-engine.ts';
import { submitAndHear, until } from './outcomes.ts';
import { JOB_TYPE, runPipe } from './pipe.ts';
import { tableOf, verdict } from './table.ts';

/** One after the other, so that the engine is idle. */
const ALONE = 100;
const BURST = 1000;
const TARGET_MS = 1000;
const TARGET_CALLS = 25;
/** The reader that writes facts may be this much later than the one whose events the burst waits for. */
const READERS_LAG_MS = 6000;

/** Measures how soon outcomes reach the bus and the socket, and how many calls the readers make. @returns the tables */
export async function measurePush(deployed: Deployed): Promise<string> {
  const { stage, tenant, outputs } = deployed;
  const token = tokenSource(stage, tenant);
  const door = frontDoor(stage, { token, apiKey: tenant.apiKey });
  const socket = await arrivalsOnSocket(String(stage.socketUrl), await token());
  socket.say({ action: 'subscribe' });
  const bus = arrivalsOnBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'));
  // starts the functions
  for (let n = 0; n < ALONE / 10; n += 1) await submitAndHear(door, socket.arrivals);
  const before = new Set(socket.arrivals.keys());
  for (let n = 0; n < ALONE; n += 1) await submitAndHear(door, socket.arrivals);
  await until('all outcomes on the bus', () => bus.arrivals.size >= socket.arrivals.size);
  socket.close();
  await bus.stop();
  const delays = ({ arrivals }: Pick<typeof bus, 'arrivals'>) =>
    [...arrivals].filter(([jobId]) => !before.has(jobId)).map(([, arrival]) => delayOf(arrival));
  const row = (name: string, all: number[]) => [
    name,
    ...percentileCells(all),
    verdict(percentile(all, 0.95), TARGET_MS, ' ms'),
  ];

  await runPipe(deployed, BURST / 2);
  await deployed.calls.reset();
  await runPipe(deployed, BURST);
  await sleep(READERS_LAG_MS);
  return [
    `Milliseconds from settled, of ${ALONE} ${JOB_TYPE.name} jobs, each submitted when the outcome of the last one had come`,
    tableOf([['', 'p50', 'p95', 'last'], row('on the bus', delays(bus)), row('on the socket', delays(socket))]),
    '',
    observingTable(await deployed.calls.read(), BURST),
  ].join('\n');
}

/** The calls of the readers of the table's stream during a burst, as a table. */
export function observingTable(calls: Calls, jobs: number): string {
  const of = (name: string) => calls[name] ?? 0;
  const [events, topic, facts] = [of('AWSEvents.PutEvents'), of('SNS.PublishBatch'), of('Firehose.PutRecordBatch')];
  const perHundred = ((events + facts) / jobs) * 100;
  return [
    `Calls of the readers of the stream, per 1,000 ${JOB_TYPE.name} jobs, counted in a burst of ${jobs}`,
    tableOf([
      ...Object.entries({ PutEvents: events, PublishBatch: topic, PutRecordBatch: facts }).map(([name, count]) => [
        name,
        ((count / jobs) * 1000).toFixed(0),
      ]),
      ['facts a record of Firehose', ((jobs * FACTS_A_JOB) / facts).toFixed(1)],
      ['PutEvents and PutRecordBatch, per 100 jobs', perHundred.toFixed(1), verdict(perHundred, TARGET_CALLS)],
    ]),
  ].join('\n');
}

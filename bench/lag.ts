import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenSource } from '@spillway/client/access-token.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import { lakeFrom } from '@spillway/client/lake.ts';
import { countFacts, FACTS_A_JOB } from '@spillway/demo/burst/count-facts.ts';
import { sendBurst } from '@spillway/demo/burst/send.ts';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { LocalError } from '@spillway/engine/errors.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import { type Arrival, arrivalsOnBus, delayOf, percentileCells } from './delays.ts';
import type { Deployed } from './deployed-engine.ts';
import { JOB_TYPE } from './pipe.ts';
import { tableOf, verdict } from './table.ts';

const JOBS = 20_000;
const PARTS = 5;
/** What a busy machine may add by chance. */
const MOST_GROWTH = 1.5;
const LOOK_EVERY_MS = 500;
/** At twenty jobs a second. */
const TIMEOUT_MS = 1_000_000;

/** Runs a long burst, and compares how late the readers of the stream are at its start and at its end. @returns a table */
export async function measureLag({ stage, tenant, outputs }: Deployed): Promise<string> {
  const door = frontDoor(stage, { token: tokenSource(stage, tenant), apiKey: tenant.apiKey });
  const bus = arrivalsOnBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'));
  const trace = randomBytes(16).toString('hex');
  const mine = new Set<string>();
  const start = Date.now();
  await sendBurst({
    door,
    jobTypes: [JOB_TYPE],
    count: JOBS,
    sinkUrl: '',
    traceparent: `00-${trace}-${'1'.repeat(16)}-01`,
    accepted: ({ jobId }) => mine.add(jobId),
  });
  const settled = () => [...bus.arrivals].filter(([jobId]) => mine.has(jobId)).map(([, arrival]) => arrival);
  await untilAll(() => bus.arrivals.size >= JOBS, start, 'outcomes on the bus');
  await bus.stop();
  const lake = lakeFrom((name) => outputOf(outputs, 'analytics', name));
  await untilAll(
    async () => (await countFacts(lake, trace)).distinct >= JOBS * FACTS_A_JOB,
    start,
    'facts in the lake',
  );
  const inLakeAt = Date.now();
  const arrivals = settled().sort((a, b) => a.settledAt - b.settledAt);
  const seconds = (Number(arrivals.at(-1)?.settledAt) - start) / 1000;
  const parts = partsOf(arrivals).map((part) => part.map(delayOf));
  const [first, last] = [percentile(parts[0] ?? [], 0.95), percentile(parts.at(-1) ?? [], 0.95)];
  return [
    `Milliseconds from settled to on the bus, of ${JOBS} ${JOB_TYPE.name} jobs that were sent as fast as the front door accepts them and settled in ${seconds.toFixed(0)} s`,
    tableOf([
      ['', 'p50', 'p95', 'last'],
      ...parts.map((delays, n) => [`part ${n + 1} of ${PARTS}`, ...percentileCells(delays)]),
    ]),
    `p95 of the last part / first part: ${(last / first).toFixed(2)} (${verdict(last / first, MOST_GROWTH)})`,
    `All facts were in the lake ${((inLakeAt - Number(arrivals.at(-1)?.settledAt)) / 1000).toFixed(1)} s after the last outcome.`,
  ].join('\n');
}

/** Equal parts, in order. */
function partsOf(arrivals: readonly Arrival[]): Arrival[][] {
  const size = Math.ceil(arrivals.length / PARTS);
  return Array.from({ length: PARTS }, (_, n) => arrivals.slice(n * size, (n + 1) * size));
}

async function untilAll(there: () => boolean | Promise<boolean>, start: number, what: string): Promise<void> {
  while (!(await there())) {
    if (Date.now() - start > TIMEOUT_MS) throw new LocalError('TOO_SLOW', `Not all ${what} came in time.`);
    await sleep(LOOK_EVERY_MS);
  }
}

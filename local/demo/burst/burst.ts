import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import { isSettled } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { type Seen, watchBus } from './bus.ts';
import { countFacts } from './lake.ts';
import { type AcceptedJob, sendBurst } from './send.ts';
import type { Summary } from './summary.ts';
import { startSink } from './webhook-sink.ts';

export interface Burst {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  count: number;
  outputs: Outputs;
}

const LOOK_EVERY_MS = 200;
/** A line in a log, where no terminal shows the line that is written over. */
const LOG_EVERY_MS = 5000;
/** Longer than a crashed consumer's job needs to come back (visibility), twice. */
const PATIENCE_MS = 240_000;
/** The lake's facts follow the last event closely; after this they are missing. */
const FACTS_PATIENCE_MS = 20_000;

/** Sends a burst over HTTP, follows it on the bus, and proves the outcome of every job through the public API. */
export async function runBurst({ door, jobTypes, count, outputs }: Burst): Promise<Summary> {
  const sink = await startSink();
  // the burst is one trace: what else is submitted meanwhile is none of it
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const traceparent = `00-${traceId}-${spanId}-01`;
  const bus = watchBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'), traceId);
  const accepted: AcceptedJob[] = [];
  const show = progress(accepted, bus.seen);
  const start = performance.now();
  const note = (job: AcceptedJob) => void accepted.push(job);
  const sending = sendBurst({ door, jobTypes, count, sinkUrl: sink.url, traceparent, accepted: note });
  try {
    let sent = false;
    const done = sending.then(() => {
      sent = true;
    });
    const end = Date.now() + PATIENCE_MS;
    while (!(sent && bus.seen.succeeded + bus.seen.failed >= accepted.length) && Date.now() < end) {
      show();
      await Promise.race([sleep(LOOK_EVERY_MS), ...(sent ? [] : [done])]);
    }
    await done;
    const seconds = (performance.now() - start) / 1000;
    show(true);
    const settled = await settledOf(door, jobTypes);
    const lost = accepted.filter(({ type, jobId }) => !settled.has(`${type}/${jobId}`)).length;
    const facts = await factsOf(outputs, traceId, bus.seen);
    const { succeeded, failed, doubled, latencies, events } = bus.seen;
    const counts = { accepted: accepted.length, settled: accepted.length - lost, succeeded, failed, lost, doubled };
    return { ...counts, latencies, seconds, events, facts, webhooks: sink.received() };
  } finally {
    sink.stop();
    await bus.stop();
  }
}

/** `type/id` of every job with an outcome, by paging through the lists. */
async function settledOf(door: Burst['door'], jobTypes: readonly JobType[]): Promise<Set<string>> {
  const settled = new Set<string>();
  for (const { name } of jobTypes) {
    let cursor: string | undefined;
    do {
      const { body } = await door.jobs(name, { limit: '100', ...(cursor && { cursor }) });
      for (const { jobId, status } of body.jobs) if (isSettled(status)) settled.add(`${name}/${jobId}`);
      cursor = body.cursor;
    } while (cursor);
  }
  return settled;
}

/** The lake's facts, once there are as many as events. */
async function factsOf(outputs: Outputs, traceId: string, seen: Seen): Promise<number> {
  const end = Date.now() + FACTS_PATIENCE_MS;
  for (;;) {
    const facts = await countFacts(outputOf(outputs, 'analytics', 'LakeBucketName'), traceId);
    if (facts >= seen.events || Date.now() > end) return facts;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Shows how far it is: one line that is written over in a terminal, a line now and then elsewhere. */
function progress(accepted: readonly AcceptedJob[], seen: Seen) {
  let lastLine = 0;
  return (last = false) => {
    const settled = seen.succeeded + seen.failed;
    const running = Math.max(0, seen.started - settled);
    const queued = Math.max(0, accepted.length - settled - running);
    const counts = { accepted: accepted.length, queued, running, settled, failed: seen.failed };
    const line = Object.entries(counts)
      .map(([name, value]) => `${name} ${String(value).padStart(5)}`)
      .join('   ');
    if (process.stdout.isTTY) process.stdout.write(`\r  ${line}${last ? '\n' : ''}`);
    else if (last || Date.now() - lastLine > LOG_EVERY_MS) {
      console.log(`  ${line}`);
      lastLine = Date.now();
    }
  };
}

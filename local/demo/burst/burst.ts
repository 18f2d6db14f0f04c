import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import { isSettled } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { type Seen, watchBus } from './bus.ts';
import { countFacts } from './lake.ts';
import type { Moment } from './lanes.ts';
import { type AcceptedJob, sendBurst } from './send.ts';
import type { Summary } from './summary.ts';
import { startSink } from './webhook-sink.ts';

export interface Burst {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  count: number;
  outputs: Outputs;
  /** Called with how far the burst is, several times a second. */
  show?: (moment: Moment) => void;
}

const POLL_EVERY_MS = 200;
/** For the slowest job after its message is visible again. */
const MARGIN_SECONDS = 60;
/** The lake's facts arrive soon after the last event. After this time they are missing. */
const FACTS_PATIENCE_MS = 20_000;

/** Sends a burst over HTTP, follows it on the bus, and proves the outcome of every job through the public API. */
export async function runBurst({ door, jobTypes, count, outputs, show = () => {} }: Burst): Promise<Summary> {
  const sink = await startSink();
  // the burst is one trace, so that other jobs that are submitted at the same time are not counted
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const traceparent = `00-${traceId}-${spanId}-01`;
  const bus = watchBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'), traceId);
  const accepted: AcceptedJob[] = [];
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const look = () => show({ seconds: seconds(), lanes: lanesOf(jobTypes, count, accepted, bus.seen) });
  const note = (job: AcceptedJob) => void accepted.push(job);
  // an engine that keeps its state knows the jobs of earlier bursts, and would take the same numbers for the same jobs
  const first = Math.floor(Date.now() / jobTypes.length) * jobTypes.length;
  const sending = sendBurst({ door, jobTypes, count, first, sinkUrl: sink.url, traceparent, accepted: note });
  try {
    let sent = false;
    const done = sending.then(() => {
      sent = true;
    });
    const end = Date.now() + patienceSeconds(jobTypes) * 1000;
    while (!(sent && settledOnBus(bus.seen) >= accepted.length) && Date.now() < end) {
      look();
      await Promise.race([sleep(POLL_EVERY_MS), ...(sent ? [] : [done])]);
    }
    await done;
    const took = seconds();
    look();
    const settled = await listSettled(door, jobTypes);
    const lost = accepted.filter(({ type, jobId }) => !settled.has(`${type}/${jobId}`)).length;
    const facts = await waitForFacts(outputs, traceId, bus.seen);
    const { succeeded, failed, doubled, latencies, events } = bus.seen;
    const counts = { accepted: accepted.length, settled: accepted.length - lost, succeeded, failed, lost, doubled };
    return { ...counts, latencies, seconds: took, events, facts, webhooks: sink.received() };
  } finally {
    sink.stop();
    await bus.stop();
  }
}

/** Pages through the lists. @returns `type/id` of every job with an outcome */
async function listSettled(door: Burst['door'], jobTypes: readonly JobType[]): Promise<Set<string>> {
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

/** The lake has at least two facts of each settled job, while the bus gets only the outcome. */
const FACTS_A_JOB = 2;

const settledOnBus = ({ settled }: Seen) => [...settled.values()].reduce((sum, count) => sum + count, 0);

/** How long a burst may take: the messages of a crashed consumer come back when their visibility timeout ends. */
export const patienceSeconds = (jobTypes: readonly JobType[]): number =>
  Math.max(...jobTypes.map((jobType) => laneOf(jobType).visibilityTimeoutSeconds)) + MARGIN_SECONDS;

/** Waits until the lake has the facts of all settled jobs. @returns how many it has */
async function waitForFacts(outputs: Outputs, traceId: string, seen: Seen): Promise<number> {
  const end = Date.now() + FACTS_PATIENCE_MS;
  for (;;) {
    const facts = await countFacts(outputOf(outputs, 'analytics', 'LakeBucketName'), traceId);
    if (facts >= FACTS_A_JOB * seen.events || Date.now() > end) return facts;
    await sleep(POLL_EVERY_MS);
  }
}

/** How far the burst is in each lane. It sends jobs of all types in rotation. */
const lanesOf = (jobTypes: readonly JobType[], count: number, accepted: readonly AcceptedJob[], { settled }: Seen) =>
  jobTypes.map(({ name }, index) => ({
    name,
    total: Math.ceil((count - index) / jobTypes.length),
    accepted: accepted.filter(({ type }) => type === name).length,
    settled: settled.get(name) ?? 0,
  }));

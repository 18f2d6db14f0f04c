import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminDoor } from '@spillway/client/admin-door.ts';
import type { FrontDoor } from '@spillway/client/front-door.ts';
import { lakeFrom } from '@spillway/client/lake.ts';
import { type Outputs, outputOf } from '@spillway/engine/outputs.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { type Seen, settledOnBus, subjectOf, watchBus } from './bus.ts';
import { countFacts, FACTS_A_JOB, type Facts } from './count-facts.ts';
import { decider } from './decider.ts';
import type { Moment } from './lane-view.ts';
import { operator } from './operator.ts';
import { patience } from './patience.ts';
import { countByType, plannedJobs } from './plan.ts';
import { type AcceptedJob, sendBurst } from './send.ts';
import type { Summary } from './summary.ts';
import { countMissed, countWays, mixedWay } from './ways.ts';
import { startSink } from './webhook-sink.ts';
import { locate } from './whereabouts.ts';

export interface Burst {
  door: FrontDoor;
  jobTypes: readonly JobType[];
  count: number;
  outputs: Outputs;
  /** Mixes all ways in and back; this door is for its replays. Without it, each job comes by a request of its own. */
  admin?: AdminDoor;
  /** Called with how far the burst is, several times a second. */
  show?: (moment: Moment) => void;
}

const POLL_EVERY_MS = 200;
/** For the slowest job after its message is visible again. */
const MARGIN_SECONDS = 60;
/** A fact reaches the lake soon after its event. After this time without a new one, the others are missing. */
const FACTS_PATIENCE_MS = 20_000;

/** Sends a burst over HTTP, follows it on the bus, and proves the outcome of every job through the public API. */
export async function runBurst({ door, admin, jobTypes, count, outputs, show = () => {} }: Burst): Promise<Summary> {
  const sink = await startSink();
  // the burst is one trace, so that other jobs that are submitted at the same time are not counted
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const traceparent = `00-${traceId}-${spanId}-01`;
  const decisions = decider(door);
  const patienceMs = patienceSeconds(jobTypes) * 1000;
  const operating = admin && operator({ door, admin, sink, patienceMs });
  const bus = watchBus(outputOf(outputs, 'streams', 'InspectionQueueUrl'), traceId, {
    waits: decisions.decide,
    ...(operating && { settles: operating.settled }),
  });
  const accepted: AcceptedJob[] = [];
  const start = performance.now();
  // objects have their time in whole seconds
  const since = new Date(Math.floor(Date.now() / 1000) * 1000);
  const seconds = () => (performance.now() - start) / 1000;
  let leftMs = patienceMs;
  const look = () =>
    show({
      seconds: seconds(),
      lanes: lanesOf(totals, accepted, bus.seen),
      idleSeconds: (patienceMs - leftMs) / 1000,
      patienceSeconds: leftMs / 1000,
    });
  const note = (job: AcceptedJob) => {
    accepted.push(job);
    operating?.accepted(job);
  };
  // an engine that keeps its state knows the jobs of earlier bursts, and would take the same numbers for the same jobs
  const first = Math.floor(Date.now() / jobTypes.length) * jobTypes.length;
  const plan = { jobTypes, count, first, sinkUrl: sink.url, ...(admin && { wayOf: mixedWay }) };
  const totals = countByType(plannedJobs(plan));
  const sending = sendBurst({ ...plan, door, traceparent, accepted: note });
  try {
    let sent = false;
    const done = sending.then(() => {
      sent = true;
    });
    // a failure of the bus may come first
    done.catch(() => {});
    const left = patience(patienceMs);
    const goOn = () => {
      leftMs = left(accepted.length + bus.seen.events);
      return leftMs > 0;
    };
    const failed = [bus.failed, decisions.failed, ...(operating ? [operating.failed] : [])];
    const isDone = () => sent && settledOnBus(bus.seen) >= accepted.length && (operating?.isDone() ?? true);
    while (!isDone() && goOn()) {
      look();
      if (sent) await operating?.replay(bus.forget);
      await Promise.race([sleep(POLL_EVERY_MS), ...failed, ...(sent ? [] : [done])]);
    }
    await done;
    const took = seconds();
    look();
    const archive = outputOf(outputs, 'processing', 'ArchiveBucketName');
    const where = await locate({ door, jobTypes: [...totals.keys()], accepted, archive, since });
    const facts = await waitForFacts(outputs, traceId, where.settled);
    const { ends, outcomes, doubled, latencies, events } = bus.seen;
    const missed = countMissed(accepted.map((job) => ({ ...job, end: ends.get(subjectOf(job)) })));
    const counts = { accepted: accepted.length, ways: countWays(accepted), missed, ...where, outcomes, doubled };
    return { traceId, ...counts, latencies, seconds: took, events, facts, webhooks: sink.received() };
  } finally {
    sink.stop();
    await bus.stop();
  }
}

/** How long nothing may move: the messages of a crashed consumer come back when their visibility timeout ends. */
export const patienceSeconds = (jobTypes: readonly JobType[]): number =>
  Math.max(...jobTypes.map((jobType) => laneOf(jobType).visibilityTimeoutSeconds)) + MARGIN_SECONDS;

/** Waits until the lake has the facts of all settled jobs, as long as more of them arrive. */
async function waitForFacts(outputs: Outputs, traceId: string, settled: number): Promise<Facts> {
  const left = patience(FACTS_PATIENCE_MS);
  const lake = lakeFrom((name) => outputOf(outputs, 'analytics', name));
  for (;;) {
    const facts = await countFacts(lake, traceId);
    if (facts.distinct >= FACTS_A_JOB * settled || left(facts.distinct) === 0) return facts;
    await sleep(POLL_EVERY_MS);
  }
}

/** How far the burst is in each lane. */
const lanesOf = (totals: ReadonlyMap<JobType, number>, accepted: readonly AcceptedJob[], { settled }: Seen) =>
  [...totals].map(([{ name }, total]) => ({
    name,
    total,
    accepted: accepted.filter(({ type }) => type === name).length,
    settled: settled.get(name) ?? 0,
  }));

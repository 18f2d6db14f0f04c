import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { DUE_PARTITIONS } from '@spillway/shared/job-store/keys.ts';
import type { FunctionSettings, Reader, SamplingRule } from './settings.ts';

// What the engine cannot show. The formulas and where the numbers are from: README.md.

/** How many jobs come in a second. */
export interface Load {
  name: 'burst' | 'trickle';
  jobsPerSecond: number;
}

/** The share of requests that are traced. */
export const tracedShare = ({ perSecond, share }: SamplingRule, requestsPerSecond: number): number => {
  const certain = Math.min(perSecond, requestsPerSecond);
  return (certain + share * (requestsPerSecond - certain)) / requestsPerSecond;
};

/** Lambda asks a shard so often, also without a window: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const STREAM_POLL_SECONDS = 0.25;
/** A new on-demand table has four. */
const SHARDS = 4;

/** How many jobs a batch of a stream reader holds: the first one, and those that come in its window, if they fit. */
export function jobsPerBatch({ batchesPerShard, windowSeconds, batchSize }: Reader, load: Load, changesPerJob: number) {
  const inWindow = (load.jobsPerSecond / (SHARDS * batchesPerShard)) * Math.max(windowSeconds, STREAM_POLL_SECONDS);
  return Math.max(1, Math.min(1 + inWindow, batchSize / changesPerJob));
}

/** Memory that comes with a whole CPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const MB_A_CPU = 1769;
/** How long work takes that needs so much time on a whole CPU. */
const onMemory = (cpuMs: number, { memoryMb }: FunctionSettings) => cpuMs * Math.max(1, MB_A_CPU / memoryMb);

/** In milliseconds: the work of a job on a whole CPU, and how long it waits for others, such as twice 5 ms for its row. */
interface Work {
  cpuMs: number;
  waitMs: number;
}

/** Per job. The CPU times were measured on a warm process. */
const WORK: Record<string, Work> = {
  'csv-import': { cpuMs: 8, waitMs: 10 },
  'invoice-render': { cpuMs: 12, waitMs: 40 },
  'ledger-posting': { cpuMs: 10, waitMs: 30 },
  // with a receiver that takes 100 ms
  'webhook-delivery': { cpuMs: 12, waitMs: 110 },
  'order-fulfilment': { cpuMs: 12, waitMs: 390 },
};
const USUAL_WORK: Work = { cpuMs: 10, waitMs: 10 };
const CPU_MS_A_BATCH = 3;

/** How long a consumer runs for a job, on average. */
export function consumerMs({ name, batchRuns }: JobType, settings: FunctionSettings, batchesPerJob: number): number {
  const { cpuMs, waitMs } = WORK[name] ?? USUAL_WORK;
  const waits = batchRuns === 'together' ? batchesPerJob : 1;
  return onMemory(cpuMs + CPU_MS_A_BATCH * batchesPerJob, settings) + waitMs * waits;
}

/** How long a stream reader runs for a batch. */
export const readerMs = (settings: FunctionSettings, changes: number): number =>
  onMemory(5 + 0.3 * changes, settings) + 10 * Math.ceil(changes / 10);

/**
 * How long a scheduled function runs that finds nothing to do. The reader of dead-letter queues waits for a second, because
 * it asks all of SQS's servers; others make one or two calls.
 */
export const scheduledMs = (functionName: string): number => (functionName.endsWith('-tick-dead-letters') ? 1050 : 50);

/** Queries of the scheduled functions that read an index, in a run that finds nothing to do. */
const SCHEDULED_QUERIES: Record<string, number> = {
  // asks each partition of the due index once (shared/job-store/due-reads.ts)
  'every-minute': DUE_PARTITIONS.length,
  // asks each of the four partitions of the connections for those whose tokens have expired (services/streams/socket/table.ts)
  'tick-connections': 4,
};

/** Read units of a run of a scheduled function. A read of an index is never consistent, and rounded up to half a unit. */
export const scheduledReadUnits = (functionName: string): number =>
  (Object.entries(SCHEDULED_QUERIES).find(([name]) => functionName.endsWith(`-${name}`))?.[1] ?? 0) / 2;

/** The reader that looks up which webhooks want the events of a batch. */
const WEBHOOKS_READER = 'streams-on-job-changed';
/** A query that is not consistent and finds less than 4 KB, or nothing. */
const WEBHOOK_LOOKUP_UNITS = 0.5;

/**
 * Read units for webhooks per job, at most: a batch of the reader looks up its tenant. It remembers a tenant for ten seconds,
 * which counts for nothing here: the tenants of a trickle may differ, and on the engine, where its jobs come right after each
 * other, it would hide most look-ups. The events of deliveries are not looked up (shared/webhooks/destination.ts).
 */
export function webhookReadUnits(
  { name }: JobType,
  readers: readonly Reader[],
  load: Load,
  changesPerJob: number,
): number {
  const reader = readers.find((each) => each.name === WEBHOOKS_READER);
  return reader && name !== webhookDelivery.name ? WEBHOOK_LOOKUP_UNITS / jobsPerBatch(reader, load, changesPerJob) : 0;
}

/** How long a step of a workflow runs, with two calls of 5 ms. */
export const stepMs = (settings: FunctionSettings): number => onMemory(13, settings) + 10;

/** Transitions of a Standard workflow that invoke no step: its start, and a choice. */
export const TRANSITIONS_BESIDE_STEPS = 2;

/** How long an Express workflow runs for a job: its steps with the way there, rounded up to 100 ms as AWS bills it. */
export const workflowMs = (steps: (readonly [settings: FunctionSettings, invocations: number])[]): number =>
  Math.ceil(steps.reduce((ms, [settings, invocations]) => ms + (stepMs(settings) + 30) * invocations, 0) / 100) * 100;

/** Bytes that a submit's response has on AWS, with its headers. */
export const RESPONSE_BYTES = 520;
/** Bytes of a fact, which is a line in the lake. */
export const FACT_BYTES = 390;
/** START, END and REPORT of an invocation. */
export const PLATFORM_LINES_BYTES = 70 + 52 + 173;
/** What DynamoDB adds to each item and index entry that it stores. */
export const STORED_BYTES = 100;
export const SECONDS_A_MONTH = 730 * 3600;

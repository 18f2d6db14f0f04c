import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { JOB_RETENTION_SECONDS } from '@spillway/shared/contracts/lane.ts';
import { type Counts, sum } from './counts.ts';
import {
  consumerMs,
  FACT_BYTES,
  jobsPerBatch,
  type Load,
  PLATFORM_LINES_BYTES,
  RESPONSE_BYTES,
  readerMs,
  SECONDS_A_MONTH,
  stepMs,
  TRANSITIONS_BESIDE_STEPS,
  tracedShare,
  webhookReadUnits,
  workflowMs,
} from './model.ts';
import { GB, PRICES } from './prices.ts';
import { DEFAULT_RULE, type FunctionSettings, type Reader, type Settings } from './settings.ts';

/** Dollars per million jobs by line. `~` marks a line that is at least partly modelled; the others are counted. */
export interface Bill {
  platform: Record<string, number>;
  /** What the work of the job itself costs. */
  own: Record<string, number>;
  /** For storing the rows until they expire. */
  kept: Record<string, number>;
}

const JOBS = 1_000_000;
/** Firehose rounds each record up to a multiple of it. */
const FIREHOSE_BYTES = 5 * 1024;
const EXPRESS_GB = 64 / 1024;
const NOT_RUN = { invocations: 0, logBytes: 0 };

/** The bill of a million jobs like those that were counted. */
export function billOf(jobType: JobType, counts: Counts, load: Load, settings: Settings): Bill {
  const job = perJob(counts);
  const million = (lines: Record<string, number>) =>
    Object.fromEntries(Object.entries(lines).map(([name, dollars]) => [name, dollars * JOBS]));
  return {
    platform: million(platformLines(jobType, job, load, settings)),
    own: million(ownLines(jobType, job, settings)),
    kept: million(keptLines(job)),
  };
}

export const totalOf = (lines: Record<string, number>) => sum(Object.values(lines));

/** The counts of one job, on average. */
function perJob({ jobs, units, storedBytes, functions, ...counts }: Counts) {
  const share = <Key extends string>(numbers: Record<Key, number>) =>
    Object.fromEntries(Object.entries<number>(numbers).map(([name, number]) => [name, number / jobs])) as Record<
      Key,
      number
    >;
  const { metrics: _, ...calls } = counts;
  return {
    ...share(calls),
    units: share(units),
    storedBytes: share(storedBytes),
    functions: Object.fromEntries(Object.entries(functions).map(([name, use]) => [name, share(use)])),
  };
}
type PerJob = ReturnType<typeof perJob>;

const DECISION = 'ingress-api-decide-job';

const consumerOf = ({ service, name }: JobType) => `${service}-${name}`;

function platformLines(jobType: JobType, job: PerJob, load: Load, settings: Settings) {
  const { units, functions } = job;
  const consumerSettings = settings.functionOf(consumerOf(jobType));
  const consumer = {
    settings: consumerSettings,
    ...(functions[consumerOf(jobType)] ?? NOT_RUN),
    ms: consumerMs(jobType, consumerSettings, job.batches),
  };
  const readers = settings.readers.map((reader) => readerUse(reader, job, load));
  const decisions = functions[DECISION] ? [functionUse(DECISION, functions[DECISION], settings)] : [];
  return {
    'API Gateway': PRICES.apiRequest,
    // a request, and a function that takes as long as a step
    '~ decisions': sum(
      decisions.map(
        (use) => use.invocations * (PRICES.apiRequest + PRICES.invocation) + computeCost(use) + logCost(use),
      ),
    ),
    '~ data out': (RESPONSE_BYTES / GB) * PRICES.dataOutGb,
    '~ access log': (settings.accessLogBytes(`/jobs/${jobType.name}`) / GB) * PRICES.logGb,
    'SQS, lane': job.queueCalls * PRICES.queueCall[jobType.lane.kind],
    'SQS, fair queue': jobType.lane.kind === 'standard' ? PRICES.fairMessage : 0,
    'DynamoDB, rows': units.table * PRICES.writeUnit,
    'DynamoDB, indexes': units.indexes * PRICES.writeUnit,
    'DynamoDB, reads': job.reads * PRICES.readUnit,
    '~ DynamoDB, webhooks': webhookReadUnits(jobType, settings.readers, load, job.changes) * PRICES.readUnit,
    EventBridge: job.events * PRICES.event,
    'SNS, topic': job.topicCalls * PRICES.publish,
    'SQS, inspection': settings.inspects ? job.events * PRICES.queueCall.standard : 0,
    'Lambda requests, consumer': consumer.invocations * PRICES.invocation,
    '~ Lambda time, consumer': computeCost(consumer),
    'logs, consumer': logCost(consumer),
    '~ Lambda requests, readers': sum(readers.map(({ invocations }) => invocations)) * PRICES.invocation,
    '~ Lambda time, readers': sum(readers.map(computeCost)),
    '~ logs, readers': sum(readers.map(logCost)),
    '~ Firehose': (firehoseBytes(settings, job, load) / GB) * (PRICES.firehoseGb + PRICES.firehoseConversionGb),
    '~ S3, lake': PRICES.put / Math.max(1, load.jobsPerSecond * settings.lakeIntervalSeconds),
    '~ X-Ray': tracesPerJob(settings, consumerSettings, readers, load) * PRICES.trace,
  };
}

function ownLines(jobType: JobType, job: PerJob, settings: Settings) {
  const steps = stepsOf(jobType, job, settings);
  const expressMs = job.executions > 0 ? workflowMs(steps.map((step) => [step.settings, step.invocations])) : 0;
  const transitions =
    job.starts > 0 ? job.starts * TRANSITIONS_BESIDE_STEPS + sum(steps.map(({ invocations }) => invocations)) : 0;
  return {
    'DynamoDB, own tables': job.units.ownTables * PRICES.writeUnit,
    'S3, documents': job.puts * PRICES.put,
    SNS: job.publishes * PRICES.publish,
    'Lambda requests, steps': sum(steps.map(({ invocations }) => invocations)) * PRICES.invocation,
    '~ Lambda time, steps': sum(steps.map(computeCost)),
    'logs, steps': sum(steps.map(logCost)),
    'Step Functions, requests': job.executions * PRICES.expressRequest,
    '~ Step Functions, time': (expressMs / 1000) * EXPRESS_GB * PRICES.expressGbSecond,
    '~ Step Functions, transitions': transitions * PRICES.transition,
  };
}

function keptLines({ storedBytes }: PerJob) {
  const months = JOB_RETENTION_SECONDS / SECONDS_A_MONTH;
  return {
    'table and indexes': (storedBytes.all / GB) * months * PRICES.tableGbMonth,
    'point-in-time recovery': (storedBytes.table / GB) * months * PRICES.recoveryGbMonth,
  };
}

/** How much a function runs for a job. */
interface Use {
  settings: FunctionSettings;
  invocations: number;
  /** Milliseconds. */
  ms: number;
  /** Without Lambda's own lines. */
  logBytes: number;
}

const computeCost = ({ ms, settings }: Use) => (ms / 1000) * (settings.memoryMb / 1024) * PRICES.lambdaGbSecond;

const logCost = ({ settings, invocations, logBytes }: Use) =>
  ((logBytes + (settings.platformLines ? invocations * PLATFORM_LINES_BYTES : 0)) / GB) * PRICES.logGb;

/** A stream reader on AWS: its batches are modelled, and what it logs for one was counted. */
function readerUse(reader: Reader, { changes, functions }: PerJob, load: Load): Use {
  const jobs = jobsPerBatch(reader, load, changes);
  const { invocations, logBytes } = functions[reader.name] ?? NOT_RUN;
  return {
    settings: reader,
    invocations: 1 / jobs,
    ms: readerMs(reader, jobs * changes) / jobs,
    logBytes: invocations > 0 ? logBytes / invocations / jobs : 0,
  };
}

/** The functions of a workflow. Others may have run meanwhile on a schedule, whose price is part of an idle month. */
const stepsOf = (jobType: JobType, { functions }: PerJob, settings: Settings): Use[] =>
  Object.entries(functions)
    .filter(([name]) => name.startsWith(`${consumerOf(jobType)}-`))
    .map(([name, use]) => functionUse(name, use, settings));

/** A function with a few calls to AWS. */
function functionUse(name: string, use: Pick<Use, 'invocations' | 'logBytes'>, settings: Settings): Use {
  const own = settings.functionOf(name);
  return { settings: own, ...use, ms: use.invocations * stepMs(own) };
}

/** The reader for the lake packs the facts of a batch into one record. A row's first write makes two facts. */
function firehoseBytes(settings: Settings, { changes }: PerJob, load: Load): number {
  const reader = settings.readers.find(({ name }) => name.startsWith('analytics'));
  if (!reader) return 0;
  const jobs = jobsPerBatch(reader, load, changes);
  return (Math.ceil((jobs * (changes + 1) * FACT_BYTES) / FIREHOSE_BYTES) * FIREHOSE_BYTES) / jobs;
}

/**
 * The consumer follows the decision for the request, and its part counts as a further trace, because SQS does not continue
 * one. A stream brings no decision, so a reader that traces decides by itself.
 */
function tracesPerJob(settings: Settings, consumer: FunctionSettings, readers: Use[], load: Load): number {
  const request = tracedShare(settings.sampling, load.jobsPerSecond);
  const undecided = readers
    .filter(({ settings: reader }) => reader.traces)
    .map(({ invocations }) => invocations * tracedShare(DEFAULT_RULE, invocations * load.jobsPerSecond));
  return request * (consumer.traces ? 2 : 1) + sum(undecided);
}

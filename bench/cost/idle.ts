import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneBehind } from '@spillway/shared/contracts/lane.ts';
import { laneAlarms } from '@spillway/shared/packaging/lane-alarms.ts';
import { laneId } from '@spillway/shared/packaging/lanes.ts';
import { sum } from './counts.ts';
import { scheduledMs, scheduledReadUnits } from './model.ts';
import { GB, PRICES } from './prices.ts';
import { type Resource, STAGE, type Templates } from './templates.ts';

/** Dollars a month by what is paid for, used or not. */
export type Idle = Record<keyof typeof RESOURCES | 'polling' | 'schedules', number>;

const MINUTES_A_MONTH = 730 * 60;
const MB = 2 ** 20;
/**
 * Each of Lambda's pollers asks a queue three times a minute. An empty queue has five pollers; a standard one has two,
 * unless its event source has a maximum concurrency (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
const POLLS_A_MINUTE = { five: 5 * 3, two: 2 * 3 };

/** What a resource costs a month. Only these types cost anything while nothing happens. */
const RESOURCES = {
  alarms: {
    type: 'AWS::CloudWatch::Alarm',
    price: ({ Properties }: Resource) => alarmMetrics(Properties) * PRICES.alarmMetric,
  },
  'KMS keys': { type: 'AWS::KMS::Key', price: () => PRICES.key },
  dashboards: { type: 'AWS::CloudWatch::Dashboard', price: () => PRICES.dashboard },
  secrets: { type: 'AWS::SecretsManager::Secret', price: () => PRICES.secret },
} as const;

/** An alarm on a computed metric is billed by the metrics that it reads. */
const alarmMetrics = ({ Metrics }: { Metrics?: { MetricStat?: object }[] }) =>
  Metrics ? Metrics.filter(({ MetricStat }) => MetricStat).length : 1;

/** A service's idle month, or that of a part of its resources. */
export function idleMonth(resources: Record<string, Resource>, part = Object.keys(resources)): Idle {
  const chosen = part.map((id) => resources[id]).filter((resource) => resource !== undefined);
  const fixed = Object.entries(RESOURCES).map(([name, { type, price }]) => [
    name,
    sum(chosen.filter(({ Type }) => Type === type).map(price)),
  ]);
  const polling = sum(chosen.map((resource) => pollingCost(resource, resources)));
  const schedules = sum(chosen.map((resource) => scheduleCost(resource, resources)));
  return { ...Object.fromEntries(fixed), polling, schedules };
}

/** Lambda's polls of a queue while it is empty. Polls of a stream are free. */
function pollingCost({ Type, Properties }: Resource, resources: Record<string, Resource>): number {
  const queue = Type === 'AWS::Lambda::EventSourceMapping' ? resources[queueOf(Properties)] : undefined;
  if (!queue) return 0;
  const kind = queue.Properties.FifoQueue ? 'ordered' : 'standard';
  const scalesDown = kind === 'standard' && !Properties.ScalingConfig?.MaximumConcurrency;
  return POLLS_A_MINUTE[scalesDown ? 'two' : 'five'] * MINUTES_A_MONTH * PRICES.queueCall[kind];
}

const queueOf = ({ EventSourceArn }: { EventSourceArn?: { 'Fn::GetAtt'?: string[] } }) =>
  EventSourceArn?.['Fn::GetAtt']?.[0] ?? '';

const EACH_MINUTE = 'cron(* * * * ? *)';

/** How often a rule starts its function in a month; 0 if it is not a schedule. */
function runsOf({ Type, Properties }: Resource): number {
  if (Type !== 'AWS::Events::Rule') return 0;
  if (Properties.ScheduleExpression === EACH_MINUTE) return MINUTES_A_MONTH;
  const [, minutes] = /^rate\((\d+) /.exec(Properties.ScheduleExpression) ?? [];
  return minutes ? MINUTES_A_MONTH / Number(minutes) : 0;
}

const functionOf = ({ Properties }: Resource, resources: Record<string, Resource>) =>
  resources[Properties.Targets[0].Arn['Fn::GetAtt'][0]]?.Properties;

/** The dead-letter queues that a function asks each time it runs. */
const queuesReadBy = ({ Environment }: { Environment?: { Variables: Record<string, string> } }): string[] =>
  Environment?.Variables.DEAD_LETTER_QUEUES?.split(',') ?? [];

const queueCall = (arn: string) => PRICES.queueCall[arn.endsWith('.fifo') ? 'ordered' : 'standard'];

/** The runs of a scheduled function that finds nothing to do. The schedule itself is free. */
function scheduleCost(rule: Resource, resources: Record<string, Resource>): number {
  const runs = runsOf(rule);
  if (runs === 0) return 0;
  const scheduled = functionOf(rule, resources);
  const seconds = scheduledMs(scheduled.FunctionName) / 1000;
  const compute = PRICES.invocation + (seconds * scheduled.MemorySize * MB * PRICES.lambdaGbSecond) / GB;
  const reads = scheduledReadUnits(scheduled.FunctionName) * PRICES.readUnit;
  return runs * (compute + reads + sum(queuesReadBy(scheduled).map(queueCall)));
}

/** What a job type adds to an idle month: its alarms, the polling of its lane, and a call to its DLQ in each run of the reader. */
export function idleLane(jobType: JobType, templates: Templates): Idle {
  const resources = templates[jobType.service] ?? {};
  const alarms = Object.keys(laneAlarms(jobType.service, jobType, ''));
  const isOf = (id: string) => alarms.includes(id) || queueOf(resources[id]?.Properties ?? {}) === laneId(jobType);
  const isItsQueue = (arn: string) => laneBehind(arn.split(':').at(-1) ?? '', STAGE).type === jobType.name;
  const reads = Object.values(resources)
    .filter((resource) => runsOf(resource) > 0)
    .map((rule) => runsOf(rule) * sum(queuesReadBy(functionOf(rule, resources)).filter(isItsQueue).map(queueCall)));
  return { ...idleMonth(resources, Object.keys(resources).filter(isOf)), schedules: sum(reads) };
}

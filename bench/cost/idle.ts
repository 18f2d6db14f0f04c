import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneAlarms } from '@spillway/shared/packaging/lane-alarms.ts';
import { deadLettersId, laneId } from '@spillway/shared/packaging/lanes.ts';
import { sum } from './counts.ts';
import { PRICES } from './prices.ts';
import type { Resource, Templates } from './templates.ts';

/** Dollars a month by what is paid for, used or not. */
export type Idle = Record<keyof typeof RESOURCES | 'polling', number>;

const MINUTES_A_MONTH = 730 * 60;
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
  return { ...Object.fromEntries(fixed), polling };
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

/** What a job type adds to an idle month: its alarms, and the polling of its two queues. */
export function idleLane(jobType: JobType, templates: Templates): Idle {
  const resources = templates[jobType.service] ?? {};
  const queues = [laneId(jobType), deadLettersId(jobType)];
  const alarms = Object.keys(laneAlarms(jobType.service, jobType, ''));
  const isOf = (id: string) => alarms.includes(id) || queues.includes(queueOf(resources[id]?.Properties ?? {}));
  return idleMonth(resources, Object.keys(resources).filter(isOf));
}

import type { JobType } from '../contracts/job-type.ts';
import { deadLetterName, laneName } from '../contracts/lane.ts';
import { alarm, type Metric, type Trigger } from './alarms.ts';
import type { Resource } from './cloudformation.ts';
import { pascalCase } from './job-types.ts';
import { STAGE } from './lanes.ts';

/** Clients poll for minutes; a lane that is a quarter of an hour behind needs a person. */
const TOO_OLD_SECONDS = 900;
const DAY_SECONDS = 24 * 60 * 60;
/** SQS silently deletes a message after 14 days. This leaves time for a second person, if the first one could not help. */
const FORGOTTEN_SECONDS = 3 * DAY_SECONDS;

// SQS and our own metrics are reported once a minute
const inOneMinute = (above: number): Trigger => ({ periodSeconds: 60, periods: 1, above });
/**
 * After a single crash or failed call the next receive succeeds. Three periods of five minutes in a row are no accident.
 */
const IN_A_QUARTER_OF_AN_HOUR: Trigger = { periodSeconds: 300, periods: 3, above: 0 };

/**
 * The alarms of a job type's lane. Each costs $0.10 a month, used or not, so what need not be told apart by job type is
 * one alarm for the service ({@link serviceAlarms}).
 */
export function laneAlarms(service: string, jobType: JobType, topic: unknown): Record<string, Resource> {
  const { name } = jobType;
  const id = pascalCase(name);
  const warn = (description: string, metric: Metric, trigger: Trigger) =>
    alarm({ description, metric, trigger, topic });
  const age = queueMetric(laneName(jobType, STAGE), 'ApproximateAgeOfOldestMessage');
  return {
    [`${id}DeadLetterAlarm`]: warn(
      `A job of type ${name} is in the dead-letter queue: docs/runbooks/dead-letters.md`,
      queueMetric(deadLetterName(jobType, STAGE), 'ApproximateNumberOfMessagesVisible'),
      inOneMinute(0),
    ),
    [`${id}AgeAlarm`]: warn(
      `The oldest job of type ${name} has waited for more than ${TOO_OLD_SECONDS} s: docs/runbooks/slow-lane.md`,
      age,
      inOneMinute(TOO_OLD_SECONDS),
    ),
    [`${id}ForgottenAlarm`]: warn(
      `The oldest job of type ${name} has waited for more than ${FORGOTTEN_SECONDS / DAY_SECONDS} days, and SQS deletes it after 14: docs/runbooks/slow-lane.md`,
      age,
      inOneMinute(FORGOTTEN_SECONDS),
    ),
    ...queueReaderAlarms(service, name, topic),
  };
}

/** The alarms that all job types of a service share; the log says which job type it was. */
export const serviceAlarms = (service: string, topic: unknown): Record<string, Resource> => ({
  JobsParkedAlarm: alarm({
    description: `A message was parked by a job type of ${service}: docs/runbooks/parked.md`,
    metric: serviceMetric(service, 'Parked'),
    trigger: inOneMinute(0),
    topic,
  }),
  JobsBrokeAlarm: alarm({
    description: `A consumer of ${service} kept failing to handle messages for a quarter of an hour: docs/runbooks/failing-consumer.md`,
    metric: serviceMetric(service, 'Broke'),
    trigger: IN_A_QUARTER_OF_AN_HOUR,
    topic,
  }),
});

/**
 * The alarms of a function that reads a queue:
 *
 * - It keeps crashing: it does not load, or it runs out of memory or time. The queue's own metrics do not show this: a
 *   message that was received three times no longer counts for the age of the oldest message
 *   (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html), and
 *   one that is in flight is not visible.
 * - It is throttled, because the account's concurrency is used up. Throttled invocations do not count as errors
 *   (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
 */
export function queueReaderAlarms(service: string, name: string, topic: unknown): Record<string, Resource> {
  const id = pascalCase(name);
  const functionAlarm = (what: string, metric: string) =>
    alarm({
      description: `The function ${name} ${what} for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      metric: {
        namespace: 'AWS/Lambda',
        name: metric,
        dimensions: { FunctionName: `${service}-${STAGE}-${name}` },
        statistic: 'Sum',
      },
      trigger: IN_A_QUARTER_OF_AN_HOUR,
      topic,
    });
  return {
    [`${id}CrashAlarm`]: functionAlarm('kept crashing', 'Errors'),
    [`${id}ThrottledAlarm`]: functionAlarm('was throttled', 'Throttles'),
  };
}

const queueMetric = (queue: string, name: string): Metric => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queue },
  statistic: 'Maximum',
});

/** The metrics that shared/runtime/observers.ts writes for a whole service. */
const serviceMetric = (service: string, name: string): Metric => ({
  namespace: `Spillway/${STAGE}`,
  name,
  dimensions: { service },
  statistic: 'Sum',
});

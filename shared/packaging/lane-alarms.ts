import type { JobType } from '../contracts/job-type.ts';
import { deadLetterName, laneName } from '../contracts/lane.ts';
import { alarm, type Metric, type Trigger } from './alarms.ts';
import type { Resource } from './cloudformation.ts';
import { pascalCase } from './job-types.ts';
import { STAGE } from './lanes.ts';

/** Clients poll for minutes; a lane that is a quarter of an hour behind needs a person. */
const TOO_OLD_SECONDS = 900;

// SQS and our own metrics are reported once a minute
const inOneMinute = (above: number): Trigger => ({ periodSeconds: 60, periods: 1, above });
/**
 * After a single crash or failed call the next receive succeeds. Three periods of five minutes in a row are no accident.
 */
const IN_A_QUARTER_OF_AN_HOUR: Trigger = { periodSeconds: 300, periods: 3, above: 0 };

/** The alarms of a job type's lane. */
export function laneAlarms(service: string, jobType: JobType, topic: unknown): Record<string, Resource> {
  const { name } = jobType;
  const id = pascalCase(name);
  const warn = (description: string, metric: Metric, trigger: Trigger) =>
    alarm({ description, metric, trigger, topic, notifiesRecovery: true });
  return {
    [`${id}DeadLetterAlarm`]: warn(
      `A job of type ${name} is in the dead-letter queue: docs/runbooks/dead-letters.md`,
      queueMetric(deadLetterName(jobType, STAGE), 'ApproximateNumberOfMessagesVisible'),
      inOneMinute(0),
    ),
    [`${id}AgeAlarm`]: warn(
      `The oldest job of type ${name} has waited for more than ${TOO_OLD_SECONDS} s: docs/runbooks/slow-lane.md`,
      queueMetric(laneName(jobType, STAGE), 'ApproximateAgeOfOldestMessage'),
      inOneMinute(TOO_OLD_SECONDS),
    ),
    [`${id}ParkedAlarm`]: warn(
      `A message of type ${name} was parked: docs/runbooks/parked.md`,
      jobMetric(name, 'Parked'),
      inOneMinute(0),
    ),
    [`${id}BrokeAlarm`]: warn(
      `The consumer of ${name} kept failing to handle messages for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      jobMetric(name, 'Broke'),
      IN_A_QUARTER_OF_AN_HOUR,
    ),
    [`${id}CrashAlarm`]: crashAlarm(service, name, topic),
  };
}

/**
 * The alarm of a function that reads a queue and keeps crashing: it does not load, or it runs out of memory or time. The
 * queue's own metrics do not show this: a message that was received three times no longer counts for the age of the
 * oldest message
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html), and
 * one that is in flight is not visible.
 */
export const crashAlarm = (service: string, name: string, topic: unknown): Resource =>
  alarm({
    description: `The function ${name} kept crashing for a quarter of an hour: docs/runbooks/failing-consumer.md`,
    metric: {
      namespace: 'AWS/Lambda',
      name: 'Errors',
      dimensions: { FunctionName: `${service}-${STAGE}-${name}` },
      statistic: 'Sum',
    },
    trigger: IN_A_QUARTER_OF_AN_HOUR,
    topic,
    notifiesRecovery: true,
  });

const queueMetric = (queue: string, name: string): Metric => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queue },
  statistic: 'Maximum',
});

/** The metrics that shared/runtime/observers.ts writes. */
const jobMetric = (jobType: string, name: string): Metric => ({
  namespace: `Spillway/${STAGE}`,
  name,
  dimensions: { service: 'jobs', jobType },
  statistic: 'Sum',
});

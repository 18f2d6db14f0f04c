import type { JobType } from '../contracts/job-type.ts';
import { FIFO_SCANNED_MESSAGES, laneName } from '../contracts/lane.ts';
import { alarm, type Metric, type Trigger } from './alarms.ts';
import type { Resource } from './cloudformation.ts';
import { DEAD_LETTER_READER } from './consumers.ts';
import { pascalCase } from './job-types.ts';
import { STAGE } from './lanes.ts';

/** Clients poll for minutes; a lane that is a quarter of an hour behind needs a person. */
const TOO_OLD_SECONDS = 900;
const DAY_SECONDS = 24 * 60 * 60;
/**
 * SQS silently deletes a message after 14 days. This leaves time for a second person, if the first one could not help. On a
 * standard lane it shows only messages that were received less than three times; the lane gives up on the others after at most
 * 12 days, which is the alarm DeadLetters.
 */
const FORGOTTEN_SECONDS = 3 * DAY_SECONDS;
/** Leaves time before the keys behind a long backlog of other keys wait. */
const TOO_MANY_ORDERED = 100_000;

// SQS and our own metrics are reported once a minute
const inOneMinute = (above: number): Trigger => ({ periodSeconds: 60, periods: 1, above });
/**
 * After a single crash or failed call the next receive succeeds. Three periods of five minutes in a row are not an accident.
 */
export const IN_A_QUARTER_OF_AN_HOUR: Trigger = { periodSeconds: 300, periods: 3, above: 0 };

/**
 * The alarms of a job type's lane; an ordered one has one more. Each costs $0.10 a month, used or not, so what need not be distinguished by job type is
 * one alarm for the service ({@link serviceAlarms}).
 */
export function laneAlarms(service: string, jobType: JobType, topic: unknown): Record<string, Resource> {
  const { name } = jobType;
  const id = pascalCase(name);
  const warn = (description: string, metric: Metric, trigger: Trigger) =>
    alarm({ description, metric, trigger, topic });
  const ofQueue = (metric: string): Metric => ({
    namespace: 'AWS/SQS',
    name: metric,
    dimensions: { QueueName: laneName(jobType, STAGE) },
    statistic: 'Maximum',
  });
  const age = ofQueue('ApproximateAgeOfOldestMessage');
  return {
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
    // The queue's own metrics do not show a consumer that does not load, or runs out of memory or time: a message that was
    // received three times no longer counts for the age of the oldest message, and one that is in flight is not visible
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    [`${id}CrashAlarm`]: warn(
      `The function ${name} kept crashing for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      functionMetric(service, name, 'Errors'),
      IN_A_QUARTER_OF_AN_HOUR,
    ),
    // the account's concurrency is used up; throttled invocations do not count as errors
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    [`${id}ThrottledAlarm`]: warn(
      `The function ${name} was throttled for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      functionMetric(service, name, 'Throttles'),
      IN_A_QUARTER_OF_AN_HOUR,
    ),
    ...(jobType.lane.kind === 'ordered' && {
      [`${id}BacklogAlarm`]: warn(
        `More than ${TOO_MANY_ORDERED} jobs of type ${name} wait, and SQS finds order keys only among the first ${FIFO_SCANNED_MESSAGES}: docs/runbooks/long-ordered-lane.md`,
        ofQueue('ApproximateNumberOfMessagesVisible'),
        inOneMinute(TOO_MANY_ORDERED),
      ),
    }),
  };
}

/** The alarms that all job types of a service share; the log says which job type it was. */
export function serviceAlarms(service: string, topic: unknown): Record<string, Resource> {
  const warn = (description: string, metric: Metric, trigger: Trigger) =>
    alarm({ description, metric, trigger, topic });
  return {
    DeadLettersAlarm: warn(
      `A lane of ${service} gave up on a message: docs/runbooks/dead-letters.md`,
      serviceMetric(service, 'DeadLetters'),
      inOneMinute(0),
    ),
    // a run that crashes counts as an error, and one that was not started reports nothing at all
    [`${pascalCase(DEAD_LETTER_READER)}Alarm`]: warn(
      `The dead-letter queues of ${service} have not been read for a quarter of an hour: docs/runbooks/dead-letters.md`,
      functionMetric(service, DEAD_LETTER_READER, 'Errors'),
      { ...IN_A_QUARTER_OF_AN_HOUR, missing: 'breaching' },
    ),
    // Lambda retries a throttled run for hours, so it may end without an error
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    [`${pascalCase(DEAD_LETTER_READER)}ThrottledAlarm`]: warn(
      `The reader of the dead-letter queues of ${service} was throttled for a quarter of an hour: docs/runbooks/dead-letters.md`,
      functionMetric(service, DEAD_LETTER_READER, 'Throttles'),
      IN_A_QUARTER_OF_AN_HOUR,
    ),
    JobsParkedAlarm: warn(
      `A message was parked by a job type of ${service}: docs/runbooks/parked.md`,
      serviceMetric(service, 'Parked'),
      inOneMinute(0),
    ),
    JobsBrokeAlarm: warn(
      `A consumer of ${service} kept failing to handle messages for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      serviceMetric(service, 'Broke'),
      IN_A_QUARTER_OF_AN_HOUR,
    ),
  };
}

/** A blocked key is seen when it begins and then each hour, so the alarm lasts until it has not been seen for two. */
const WHILE_SEEN = { periodSeconds: 7200, periods: 1 };
/** The lane holds a key for 13 days. This leaves time to decide, and for a second person. */
const BLOCKED_FOR_LONG_SECONDS = 3 * DAY_SECONDS;

/** The alarms of order keys that a failed job stops. Only a service with a job type that stops them has these. */
export function blockedKeyAlarms(service: string, topic: unknown): Record<string, Resource> {
  const warn = (description: string, metric: Metric, trigger: Trigger) =>
    alarm({ description, metric, trigger, topic });
  const age = serviceMetric(service, 'BlockedAge');
  return {
    KeysBlockedAlarm: warn(
      `A failed job of ${service} blocks its order key: docs/runbooks/blocked-keys.md`,
      { ...age, statistic: 'SampleCount' },
      { ...WHILE_SEEN, above: 0 },
    ),
    KeysBlockedForLongAlarm: warn(
      `An order key of ${service} has been blocked for more than ${BLOCKED_FOR_LONG_SECONDS / DAY_SECONDS} days, and its jobs run after 13: docs/runbooks/blocked-keys.md`,
      { ...age, statistic: 'Maximum' },
      { ...WHILE_SEEN, above: BLOCKED_FOR_LONG_SECONDS },
    ),
    KeysRanOnAlarm: warn(
      `The later jobs of a blocked order key of ${service} ran although nobody decided: docs/runbooks/blocked-keys.md`,
      serviceMetric(service, 'RanOn'),
      inOneMinute(0),
    ),
  };
}

/** A metric of Lambda about a function. */
export const functionMetric = (service: string, name: string, metric: 'Errors' | 'Throttles'): Metric => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: `${service}-${STAGE}-${name}` },
  statistic: 'Sum',
});

/** The metrics that shared/runtime/observers.ts writes for a whole service. */
export const serviceMetric = (service: string, name: string, statistic: Metric['statistic'] = 'Sum'): Metric => ({
  namespace: `Spillway/${STAGE}`,
  name,
  dimensions: { service },
  statistic,
});

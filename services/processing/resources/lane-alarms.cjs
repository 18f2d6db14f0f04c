const { deadLetterName, laneName } = require('@spillway/shared/contracts/lane.ts');
const { pascalCase } = require('@spillway/shared/packaging/job-types.ts');

const STAGE = '$' + '{sls:stage}';
/** Clients poll for minutes; a lane that is a quarter of an hour behind wants a person. */
const TOO_OLD_SECONDS = 900;

/** The alarms of a job type's lane, by logical id. */
const laneAlarms = (jobType) => {
  const { name } = jobType;
  const id = pascalCase(name);
  return {
    [`${id}DeadLetterAlarm`]: alarm(
      `A job of type ${name} fell out of its lane: docs/runbooks/dead-letters.md`,
      queueMetric(deadLetterName(jobType, STAGE), 'ApproximateNumberOfMessagesVisible'),
      above(0),
    ),
    [`${id}AgeAlarm`]: alarm(
      `The oldest job of type ${name} has waited for over ${TOO_OLD_SECONDS} s: docs/runbooks/slow-lane.md`,
      queueMetric(laneName(jobType, STAGE), 'ApproximateAgeOfOldestMessage'),
      above(TOO_OLD_SECONDS),
    ),
    [`${id}ParkedAlarm`]: alarm(
      `A message of type ${name} was parked: docs/runbooks/parked.md`,
      jobMetric(name, 'Parked'),
      above(0),
    ),
    [`${id}BrokeAlarm`]: alarm(
      `Messages of type ${name} could not be handled for a quarter of an hour: docs/runbooks/failing-consumer.md`,
      jobMetric(name, 'Broke'),
      inEachQuarter,
    ),
    [`${id}CrashAlarm`]: crashAlarm(name),
  };
};

/**
 * A function that reads a queue and ended without an answer, again and again: it does not load, runs out of memory or time.
 * The queue's own metrics hide that: a message that was received three times no longer counts for the age of the oldest
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html), and
 * one that is in flight is not visible.
 */
const crashAlarm = (name) =>
  alarm(
    `The function ${name} crashed for a quarter of an hour: docs/runbooks/failing-consumer.md`,
    {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: `processing-${STAGE}-${name}` }],
      Statistic: 'Sum',
    },
    inEachQuarter,
  );

// SQS and our own metrics are reported once a minute
const above = (Threshold) => ({ Period: 60, EvaluationPeriods: 1, Threshold });
// one crash and one failed call are mended by the next delivery; three times five minutes in a row are not
const inEachQuarter = { Period: 300, EvaluationPeriods: 3, Threshold: 0 };

const queueMetric = (queue, MetricName) => ({
  Namespace: 'AWS/SQS',
  MetricName,
  Dimensions: [{ Name: 'QueueName', Value: queue }],
  Statistic: 'Maximum',
});

/** As shared/runtime/observers.ts writes them. */
const jobMetric = (jobType, MetricName) => ({
  Namespace: `Spillway/${STAGE}`,
  MetricName,
  Dimensions: [
    { Name: 'service', Value: 'jobs' },
    { Name: 'jobType', Value: jobType },
  ],
  Statistic: 'Sum',
});

const alarm = (AlarmDescription, metric, when) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription,
    ...metric,
    ...when,
    ComparisonOperator: 'GreaterThanThreshold',
    // an idle queue reports nothing, and neither does a function without trouble
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'AlarmTopic' }],
    OKActions: [{ Ref: 'AlarmTopic' }],
  },
});

module.exports = { crashAlarm, laneAlarms };

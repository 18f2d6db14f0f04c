import { alarm, type Metric } from './alarms.ts';
import { privateBucket } from './buckets.ts';
import { arnOf, ref, type Stack } from './cloudformation.ts';
import { provided } from './platform.ts';

/** The framework's logical id of the function `on-job-changed`. */
const FUNCTION = 'OnDashjobDashchanged';
const RUNBOOK = 'docs/runbooks/stream-behind.md';

/** Not a single one is normal, and each is reported once. */
const ANY_IN_FIVE_MINUTES = { periodSeconds: 300, periods: 1, above: 0 };

/**
 * What a service needs that publishes what happened to jobs: the jobs table's stream for its function `on-job-changed`, a bucket
 * for the records that it gives up on, and alarms.
 */
export const streamReader = (service: string, failuresBucket: string): Stack => ({
  Resources: {
    JobChanges: eventSource,
    ...privateBucket('FailuresBucket', {
      name: failuresBucket,
      // it outlives its stack on every stage: no event is lost
      deletionPolicy: 'Retain',
      lifecycleRules: [
        // the alarm went off three months ago
        { Id: 'expire', ExpirationInDays: 90 },
      ],
    }),
    IteratorAgeAlarm: alarm({
      description: `Job events are being published late: ${RUNBOOK}`,
      metric: {
        namespace: 'AWS/Lambda',
        name: 'IteratorAge',
        dimensions: { FunctionName: `${service}-\${sls:stage}-on-job-changed` },
        statistic: 'Maximum',
      },
      // milliseconds; a burst is not five minutes behind for five minutes
      trigger: { periodSeconds: 60, periods: 5, above: 300_000 },
      topic: provided('AlarmTopicArn'),
    }),
    ParkedAlarm: alarm({
      description: `A record of the stream could not be read and was parked: ${RUNBOOK}`,
      metric: {
        namespace: 'Spillway/${sls:stage}',
        name: 'RecordsParked',
        // as the stream's reader writes it (shared/runtime/observers.ts)
        dimensions: { service },
        statistic: 'Sum',
      },
      // one is a bug
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
    GaveUpAlarm: alarm({
      description: `The event source gave up on records; they are in the failures bucket: ${RUNBOOK}`,
      metric: eventSourceMetric('OnFailureDestinationDeliveredEventCount'),
      // none of them was published
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
    DroppedAlarm: alarm({
      description: `The event source gave up on records and could not put them into the failures bucket: ${RUNBOOK}`,
      metric: eventSourceMetric('DroppedEventCount'),
      // nobody has them any more
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
  },
});

const eventSource = {
  Type: 'AWS::Lambda::EventSourceMapping',
  // the role's rights are checked when the mapping is made
  DependsOn: `${FUNCTION}IamRoleLambdaExecution`,
  Properties: {
    FunctionName: arnOf(`${FUNCTION}LambdaFunction`),
    EventSourceArn: provided('JobsTableStreamArn'),
    // what happened before the first deploy, up to a day back, is published too
    StartingPosition: 'TRIM_HORIZON',
    // ten calls of ten, or one record for the lake
    BatchSize: 100,
    // a second of waiting fills batches when there is much to do, and nobody notices when there is not
    MaximumBatchingWindowInSeconds: 1,
    // order holds for each job; ten batches of a shard side by side keep up with a burst
    ParallelizationFactor: 10,
    // halving a batch does not count as a retry
    BisectBatchOnFunctionError: true,
    // Lambda waits longer before each: a passing fault passes meanwhile, and a lasting one does not stop its shard for a day
    MaximumRetryAttempts: 20,
    // the stream itself forgets after a day
    MaximumRecordAgeInSeconds: 86_400,
    FilterCriteria: {
      Filters: [
        // rows end by TTL; that is not an event of a job
        { Pattern: '{"eventName":["INSERT","MODIFY"]}' },
      ],
    },
    // a bucket gets the records, a queue only says where they were
    DestinationConfig: { OnFailure: { Destination: arnOf('FailuresBucket') } },
    // how many it gave up on (the alarms); without it Lambda does not count them
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    MetricsConfig: { Metrics: ['EventCount'] },
  },
};

const eventSourceMetric = (name: string): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { EventSourceMappingUUID: ref('JobChanges') },
  statistic: 'Sum',
});

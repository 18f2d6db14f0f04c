import { alarm, type Metric } from './alarms.ts';
import { privateBucket } from './buckets.ts';
import { arnOf, ref, type Stack } from './cloudformation.ts';
import { serviceMetric } from './lane-alarms.ts';
import { JOBS_TABLE } from './places.ts';
import { provided } from './platform.ts';

/** The framework's logical id of the function `on-job-changed`. */
const FUNCTION = 'OnDashjobDashchanged';
const RUNBOOK = 'docs/runbooks/stream-behind.md';

/** How many batches of a shard are read at a time. */
export const BATCHES_PER_SHARD = 2;

/** Not even one is normal, and each is reported only once. */
const ANY_IN_FIVE_MINUTES = { periodSeconds: 300, periods: 1, above: 0 };

/**
 * What a service needs to read job events from the jobs table's stream with its function `on-job-changed`: the event
 * source, a bucket for the records that it gives up on, and alarms.
 */
export const streamReader = (service: string, failuresBucket: string): Stack => ({
  Resources: {
    JobChanges: eventSource,
    ...privateBucket('FailuresBucket', {
      name: failuresBucket,
      lifecycleRules: [
        // the alarm went off three months ago
        { Id: 'expire', ExpirationInDays: 90 },
      ],
    }),
    IteratorAgeAlarm: alarm({
      description: `${service} is late in reading the changes of jobs: ${RUNBOOK}`,
      metric: {
        namespace: 'AWS/Lambda',
        name: 'IteratorAge',
        dimensions: { FunctionName: `${service}-\${sls:stage}-on-job-changed` },
        statistic: 'Maximum',
      },
      // milliseconds; during a burst it is never five minutes behind for five minutes
      trigger: { periodSeconds: 60, periods: 5, above: 300_000 },
      topic: provided('AlarmTopicArn'),
    }),
    SilentAlarm: alarm({
      description: `The jobs table is written, but its stream is not read: ${RUNBOOK}`,
      metric: {
        // an event source that cannot poll has no iterator age
        expression: 'IF((FILL(written, 0) > 0) AND (FILL(polled, 0) == 0), 1, 0)',
        metrics: {
          // all writes are updates; a refused condition writes nothing, and is not counted
          written: {
            namespace: 'AWS/DynamoDB',
            name: 'SuccessfulRequestLatency',
            dimensions: { TableName: JOBS_TABLE, Operation: 'UpdateItem' },
            statistic: 'SampleCount',
          },
          polled: eventSourceMetric('PolledEventCount'),
        },
      },
      // whatever was written in the first period has been read by the third
      trigger: { periodSeconds: 300, periods: 3, above: 0 },
      topic: provided('AlarmTopicArn'),
    }),
    ParkedAlarm: alarm({
      description: `A stream record could not be read and was parked: ${RUNBOOK}`,
      metric: serviceMetric(service, 'RecordsParked'),
      // a single parked record is a bug
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
    RefusedAlarm: alarm({
      description: `A destination kept refusing what ${service} sent; it was stored, to be sent again: ${RUNBOOK}`,
      metric: serviceMetric(service, 'EntriesRefused'),
      // whatever was stored waits for a person
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
    GaveUpAlarm: alarm({
      description: `The event source gave up on records; they are in the failures bucket: ${RUNBOOK}`,
      metric: eventSourceMetric('OnFailureDestinationDeliveredEventCount'),
      // these records were not published
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
    DroppedAlarm: alarm({
      description: `The event source gave up on records and could not put them into the failures bucket: ${RUNBOOK}`,
      metric: eventSourceMetric('DroppedEventCount'),
      // these records are lost
      trigger: ANY_IN_FIVE_MINUTES,
      topic: provided('AlarmTopicArn'),
    }),
  },
  Outputs: { FailuresBucketName: { Value: ref('FailuresBucket') } },
});

const eventSource = {
  Type: 'AWS::Lambda::EventSourceMapping',
  // Lambda checks the role's permissions when it creates the mapping
  DependsOn: `${FUNCTION}IamRoleLambdaExecution`,
  Properties: {
    FunctionName: arnOf(`${FUNCTION}LambdaFunction`),
    EventSourceArn: provided('JobsTableStreamArn'),
    // also reads changes from before the first deploy, up to a day back
    StartingPosition: 'TRIM_HORIZON',
    // ten calls with ten events each, or one record for the lake
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: '${param:streamWindowSeconds}',
    // The order of each job is kept. A new table has four shards, so up to eight batches of 100 are read at a time, which is
    // thousands of changes a second; more parallel batches would each be emptier, and each costs an invocation.
    ParallelizationFactor: BATCHES_PER_SHARD,
    // halving a batch does not count as a retry
    BisectBatchOnFunctionError: true,
    // The function itself sends refused entries again, and stores what is refused to the end. It fails only if it crashes or
    // cannot store, so a record that crashes it stops its shard for at most eleven invocations: of the batch, of seven halves
    // until it is alone, and these
    MaximumRetryAttempts: 3,
    // the stream itself keeps records for a day
    MaximumRecordAgeInSeconds: 86_400,
    FilterCriteria: {
      Filters: [
        // leaves out rows that expire by TTL, which is not an event of a job
        { Pattern: '{"eventName":["INSERT","MODIFY"]}' },
      ],
    },
    // a bucket receives the records themselves, a queue only their position in the stream
    DestinationConfig: { OnFailure: { Destination: arnOf('FailuresBucket') } },
    // counts the records that it gave up on, for the alarms; without this Lambda does not count them
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

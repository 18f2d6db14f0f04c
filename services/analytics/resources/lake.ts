import { ERRORS_PREFIX, FACTS_PREFIX } from '@spillway/shared/lake/table.ts';
import { alarm } from '@spillway/shared/packaging/alarms.ts';
import { privateBucket, UNFINISHED } from '@spillway/shared/packaging/buckets.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';

/** Keeps the facts forever, by day and hour. */
export const lake: Stack = {
  Resources: {
    ...privateBucket('LakeBucket', {
      name: '${self:custom.lakeBucket}',
      lifecycleRules: [
        {
          Id: 'cool-down',
          Prefix: FACTS_PREFIX,
          // reports look back one quarter
          Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 90 }],
        },
        // the alarm went off three months ago
        { Id: 'forget-refused-facts', Prefix: ERRORS_PREFIX, ExpirationInDays: 90 },
        // running the query again recreates its result
        { Id: 'forget-query-results', Prefix: 'athena/', ExpirationInDays: 30 },
        // Firehose and Athena write long objects in parts
        UNFINISHED,
      ],
    }),
    LakeLateAlarm: alarm({
      description: 'Firehose cannot write to the lake and drops facts after a day: docs/runbooks/lake-late.md',
      metric: {
        namespace: 'AWS/Firehose',
        name: 'DeliveryToS3.DataFreshness',
        dimensions: { DeliveryStreamName: ref('Facts') },
        statistic: 'Maximum',
      },
      // seconds; Firehose buffers for five minutes, so by then it has failed twice
      trigger: { periodSeconds: 300, periods: 1, above: 900 },
      topic: provided('AlarmTopicArn'),
    }),
    NotConvertedAlarm: alarm({
      description:
        'Firehose could not convert facts, and put them under errors/ in the lake: docs/runbooks/lake-late.md',
      metric: {
        namespace: 'AWS/Firehose',
        // https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
        name: 'FailedConversion.Records',
        dimensions: { DeliveryStreamName: ref('Facts') },
        statistic: 'Sum',
      },
      // a record has the facts of a whole batch, and they wait for a person
      trigger: { periodSeconds: 300, periods: 1, above: 0 },
      topic: provided('AlarmTopicArn'),
    }),
  },
  Outputs: { LakeBucketName: { Value: ref('LakeBucket') } },
};

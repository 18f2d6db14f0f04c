import { alarm } from '@spillway/shared/packaging/alarms.ts';
import { allow, arnOf, policyDocument, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';

/**
 * All events on a Kinesis data stream: in the order of each job, and for a week at the position that each consumer chooses. Only
 * on stages with the parameter `kinesis`, because an idle stream costs $29 a month (docs/choosing-a-stream.md).
 */
export const eventStream: Stack = {
  Resources: {
    EventStream: {
      Type: 'AWS::Kinesis::Stream',
      Properties: {
        Name: '${self:custom.eventStreamName}',
        // takes what a burst brings; a provisioned shard costs less, but takes 1,000 records a second
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        // a week in hours, so that a consumer can be repaired after a weekend
        RetentionPeriodHours: 168,
        // AWS's own key, which costs nothing, and which publishers need no rights to
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      },
    },
    // the publisher's right exists only where the stream does
    EventStreamPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'put-records',
        Roles: [ref('OnDashjobDashchangedIamRoleLambdaExecution')],
        PolicyDocument: policyDocument(allow('kinesis:PutRecords', arnOf('EventStream'))),
      },
    },
    EventStreamThrottledAlarm: alarm({
      description: 'Kinesis throttles the events of jobs: docs/runbooks/stream-behind.md',
      metric: {
        namespace: 'AWS/Kinesis',
        name: 'WriteProvisionedThroughputExceeded',
        dimensions: { StreamName: ref('EventStream') },
        statistic: 'Sum',
      },
      // an on-demand stream doubles its capacity within a quarter of an hour
      // https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
      trigger: { periodSeconds: 300, periods: 4, above: 0 },
      topic: provided('AlarmTopicArn'),
    }),
  },
  Outputs: { EventStreamName: { Value: ref('EventStream') }, EventStreamArn: { Value: arnOf('EventStream') } },
};

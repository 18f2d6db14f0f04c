import { ofType, packageService } from '@spillway/shared/testing/package-service.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader.ts';

const template = packageService('streams');

describeStreamReader(template, 'events:PutEvents');

describe('the bus', () => {
  it('rings when it could not deliver an event', () => {
    expect(template.Resources.UndeliveredAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['UndeliveredEvents', 'QueueName'] } }],
      Threshold: 0,
    });
  });
});

describe('every bucket', () => {
  it.each(ofType(template, 'AWS::S3::Bucket').filter(([id]) => id !== 'ServerlessDeploymentBucket'))(
    'is private and encrypted: %s',
    (_, { Properties }) => {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties.BucketEncryption).toBeDefined();
    },
  );
});

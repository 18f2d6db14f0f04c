import { ofType, packageService } from '@spillway/shared/testing/package-service.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader.ts';

const template = packageService('analytics');

describeStreamReader(template, 'firehose:PutRecordBatch');

describe('the lake', () => {
  it('rings when facts wait in Firehose for a quarter of an hour', () => {
    expect(template.Resources.LakeLateAlarm?.Properties).toMatchObject({
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Facts' } }],
      Threshold: 900,
    });
  });
});

describe('the workgroup', () => {
  it('goes with its stack, also after queries, and stops one that would read everything', () => {
    expect(template.Resources.Workgroup?.Properties).toMatchObject({
      RecursiveDeleteOption: true,
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 10_737_418_240 },
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

import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';

const template = packageService('analytics');

describe('the stream’s reader', () => {
  it('has a second line of defence: bisecting, a bound on retries, and a bucket for what failed for good', () => {
    expect(template.Resources.JobChanges?.Properties).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 86_400,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailuresBucket', 'Arn'] } } },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
    });
  });

  it('may read the stream, and write only where it must', () => {
    const actions = rightsOf(template, 'OnDashjobDashchangedDashtoDashlakeIamRoleLambdaExecution').map(
      (right) => right.split(' ')[0],
    );
    expect(new Set(actions.filter((action) => !/^(logs|xray):/.test(action ?? '')))).toEqual(
      new Set([
        'firehose:PutRecordBatch',
        's3:PutObject',
        's3:ListBucket',
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ]),
    );
  });

  it('rings when it parked a record, on this stage', () => {
    const { Variables } =
      template.Resources.OnDashjobDashchangedDashtoDashlakeLambdaFunction?.Properties.Environment ?? {};
    expect(template.Resources.ParkedAlarm?.Properties).toMatchObject({
      Namespace: 'Spillway/solo',
      MetricName: 'RecordsParked',
    });
    expect(Variables).toMatchObject({ POWERTOOLS_METRICS_NAMESPACE: 'Spillway/solo' });
  });

  it('rings when it gave up on records, and when it could not even keep them', () => {
    expect(template.Resources.JobChanges?.Properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
    for (const [alarm, metric] of [
      ['GaveUpAlarm', 'OnFailureDestinationDeliveredEventCount'],
      ['DroppedAlarm', 'DroppedEventCount'],
    ] as const) {
      expect(template.Resources[alarm]?.Properties).toMatchObject({
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: [{ Name: 'EventSourceMappingUUID', Value: { Ref: 'JobChanges' } }],
        Threshold: 0,
      });
    }
  });

  it('rings when it is behind', () => {
    expect(template.Resources.IteratorAgeAlarm?.Properties).toMatchObject({
      MetricName: 'IteratorAge',
      Threshold: 300_000,
    });
  });
});

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

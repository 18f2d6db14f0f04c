import { listServices } from '@spillway/shared/packaging/services.ts';
import { packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('redshift-loader');
const { Resources } = template;
const loader = Resources.TickDashfactsLambdaFunction?.Properties;

it('is a stack of its own, which is not deployed with the others', () => {
  expect(listServices()).not.toContain('redshift-loader');
});

describe('the loader', () => {
  it('runs once an hour, with time for a workgroup to wake, and reserves nothing, which small accounts refuse', () => {
    expect(loader).toMatchObject({ Timeout: 600 });
    expect(loader).not.toHaveProperty('ReservedConcurrentExecutions');
    const [rule] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
    expect(rule?.Properties.ScheduleExpression).toBe('cron(30 * * * ? *)');
  });

  it('keeps an hour that could not be loaded in a queue, whose alarm goes off', () => {
    const [config] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::EventInvokeConfig');
    expect(config?.Properties.DestinationConfig.OnFailure.Destination).toEqual({ 'Fn::GetAtt': ['NotLoaded', 'Arn'] });
    expect(Resources.NotLoaded?.Properties.MessageRetentionPeriod).toBe(1_209_600);
    expect(Resources.NotLoadedAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'spillway-solo-redshift-not-loaded' }],
      Threshold: 0,
    });
  });

  it('may run statements in one workgroup only, see its own ones, and list the lake', () => {
    const rights = rightsOf(template, 'TickDashfactsIamRoleLambdaExecution').filter(
      (right) => !/^(logs|xray):/.test(right),
    );
    expect(rights.map((right) => right.split(' ')[0]).sort()).toEqual([
      'redshift-data:BatchExecuteStatement',
      'redshift-data:DescribeStatement',
      'redshift-serverless:GetCredentials',
      's3:ListBucket',
      'sqs:SendMessage',
    ]);
    const [{ PolicyDocument }] = Resources.TickDashfactsIamRoleLambdaExecution?.Properties.Policies ?? [];
    const own = PolicyDocument.Statement.find(({ Condition }: { Condition?: object }) => Condition);
    expect(own.Condition).toEqual({ StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } });
    for (const right of rights.filter((each) => /Batch|GetCredentials/.test(each)))
      expect(right).toContain('workgroup/');
  });
});

it('Redshift may read the facts, nothing else of the lake, and only for databases of this account', () => {
  expect(rightsOf(template, 'CopyRole')).toEqual([
    expect.stringMatching(/^s3:GetObject .*\/parquet\/\*/),
    expect.stringMatching(/^s3:ListBucket /),
    expect.stringMatching(/^s3:GetBucketLocation /),
  ]);
  const [trust] = Resources.CopyRole?.Properties.AssumeRolePolicyDocument.Statement ?? [];
  // the one key that AWS documents Redshift to send
  expect(trust.Condition).toEqual({
    StringLike: {
      'sts:ExternalId': { 'Fn::Sub': 'arn:${AWS::Partition}:redshift:${AWS::Region}:${AWS::AccountId}:dbuser:*' },
    },
  });
  expect(loader.Environment.Variables.COPY_ROLE_ARN).toMatch(
    new RegExp(`role/${Resources.CopyRole?.Properties.RoleName}$`),
  );
});

describeResources(template);

import { loadJobTypes, pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';

const template = packageService('processing');
const types = loadJobTypes().filter(({ service }) => service === 'processing');

describe.each(types.map((jobType) => [jobType.name, jobType] as const))('the lane of %s', (_, jobType) => {
  const id = pascalCase(jobType.name);
  const lane = template.Resources[`${id}Lane`]?.Properties;
  const deadLetters = template.Resources[`${id}DeadLetters`]?.Properties;

  it('is encrypted, keeps messages for 14 days, and gives up into its own DLQ', () => {
    for (const queue of [lane, deadLetters]) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    }
    expect(lane.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [`${id}DeadLetters`, 'Arn'] });
    expect(lane.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(2 * jobType.maxAttempts + 10);
    expect(deadLetters.RedriveAllowPolicy.redrivePermission).toBe('byQueue');
  });

  it('refuses calls without TLS', () => {
    const [statement] = template.Resources[`${id}LanePolicy`]?.Properties.PolicyDocument.Statement ?? [];
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it('has a consumer that reports single failures, within its concurrency and its visibility timeout', () => {
    const mapping = ofType(template, 'AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) =>
        JSON.stringify(Properties.EventSourceArn) === JSON.stringify({ 'Fn::GetAtt': [`${id}Lane`, 'Arn'] }),
    )?.[1].Properties;
    expect(mapping).toMatchObject({
      BatchSize: jobType.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: jobType.maxConcurrency },
    });
    const consumer = template.Resources[mapping.FunctionName['Fn::GetAtt'][0]]?.Properties;
    expect(consumer.Timeout).toBeLessThan(lane.VisibilityTimeout);
  });

  it('rings when something is in the DLQ, and when its oldest message is too old', () => {
    expect(template.Resources[`${id}DeadLetterAlarm`]?.Properties).toMatchObject({
      Threshold: 0,
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    });
    expect(template.Resources[`${id}AgeAlarm`]?.Properties.MetricName).toBe('ApproximateAgeOfOldestMessage');
  });

  it('is told to the other services', () => {
    expect(template.Outputs).toHaveProperty(`${id}LaneName`);
    expect(template.Outputs).toHaveProperty(`${id}LaneArn`);
  });
});

describe.each(types.filter(({ lane }) => lane.kind === 'ordered').map((jobType) => [jobType.name, jobType] as const))(
  'the ordered lane of %s',
  (_, jobType) => {
    const id = pascalCase(jobType.name);
    const lane = template.Resources[`${id}Lane`]?.Properties;
    const deadLetters = template.Resources[`${id}DeadLetters`]?.Properties;

    it('is FIFO with a FIFO DLQ, limited by group, and takes two equal bodies for two jobs', () => {
      for (const queue of [lane, deadLetters]) {
        expect(queue).toMatchObject({
          FifoQueue: true,
          ContentBasedDeduplication: false,
          DeduplicationScope: 'messageGroup',
          FifoThroughputLimit: 'perMessageGroupId',
        });
        expect(queue.QueueName).toMatch(/\.fifo$/);
      }
    });

    it('gives up as late as SQS allows, since its DLQ breaks the order', () => {
      expect(lane.RedrivePolicy.maxReceiveCount).toBe(1000);
    });
  },
);

describe('the ledger', () => {
  it('is on demand, encrypted, recoverable, and keeps what is in it', () => {
    expect(template.Resources.LedgerTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(template.Resources.LedgerTable?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('is written by its job type alone, and in transactions only', () => {
    const ledger = { 'Fn::GetAtt': ['LedgerTable', 'Arn'] };
    const statements = ofType(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
      Properties.Policies.flatMap((policy: { PolicyDocument: { Statement: object[] } }) =>
        policy.PolicyDocument.Statement.filter((statement) => JSON.stringify(statement).includes('LedgerTable')).map(
          (statement) => ({ role, ...statement }),
        ),
      ),
    );
    expect(statements).toEqual([
      {
        role: 'LedgerDashpostingIamRoleLambdaExecution',
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: ledger,
        Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } },
      },
    ]);
  });
});

describe('the jobs table', () => {
  const table = template.Resources.JobsTable?.Properties;

  it('is on demand, encrypted, recoverable, forgets by TTL and tells its changes', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });
});

describe('rights', () => {
  it('are each function’s own: no role is shared, and none may do anything to everything', () => {
    expect(template.Resources).not.toHaveProperty('IamRoleLambdaExecution');
    const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id);
    expect(new Set(roles).size).toBe(roles.length);
    const wide = roles.flatMap((role) => rightsOf(template, role)).filter((right) => right.includes('"*"'));
    expect([...new Set(wide.map((right) => right.split(' ')[0]))].sort()).toEqual(
      wide.length > 0 ? expect.arrayContaining(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']) : [],
    );
    expect(wide.filter((right) => !/^(xray|logs):/.test(right))).toEqual([]);
  });

  it('let a consumer write jobs and nothing else of the table', () => {
    const rights = rightsOf(template, 'CsvDashimportIamRoleLambdaExecution').filter((right) =>
      right.startsWith('dynamodb:'),
    );
    expect(rights).toEqual(['dynamodb:UpdateItem [{"Fn::GetAtt":["JobsTable","Arn"]}]']);
  });
});

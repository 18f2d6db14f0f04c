import { laneName } from '@spillway/shared/contracts/lane.ts';
import { goesOnAlone } from '@spillway/shared/contracts/run-kinds.ts';
import { activeJobTypes, jobTypesOf, loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { describeJobTypes } from '@spillway/shared/testing/job-types-template.ts';
import { ofType, ownRightsOf, packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('processing');
/** The job types whose jobs go on without their consumers. */
const DURABLE = loadJobTypes()
  .filter(goesOnAlone)
  .map(({ name }) => name);

describeResources(template);
describeJobTypes(template, 'processing');

it('with partition=aws-us-gov, nothing in the template is an ARN of another partition', () => {
  const compiled = JSON.stringify(packageService('processing', { partition: 'aws-us-gov' }));
  expect(compiled).toContain('arn:aws-us-gov:states:::lambda:invoke');
  expect(compiled).not.toContain('arn:aws:');
});

describe('the ledger', () => {
  it('the ledger is on demand and recoverable, and keeps its items forever', () => {
    expect(template.Resources.LedgerTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(template.Resources.LedgerTable?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('the ledger is written only by its job type, and only in transactions', () => {
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
  it('the jobs table is on demand and recoverable, deletes rows by TTL and streams its changes', () => {
    expect(template.Resources.JobsTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });
});

describe('the indexes of the jobs table', () => {
  it('the indexes of the jobs table hold nothing that changes while a job runs, so that it is written to them once, and four times if it fails', () => {
    const { GlobalSecondaryIndexes: indexes } = template.Resources.JobsTable?.Properties ?? {};
    expect(indexes).toMatchObject([
      { IndexName: 'by-type', Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'failed', Projection: { ProjectionType: 'KEYS_ONLY' } },
      // only failures have their keys; they have what failures are filtered by
      ...['failures', 'all-failures'].map((IndexName) => ({
        IndexName,
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['failureCode', 'replayedAt'] },
      })),
      // only jobs with a value for a search key have their keys
      ...[1, 2, 3].map((position) => ({ IndexName: `find-${position}`, Projection: { ProjectionType: 'KEYS_ONLY' } })),
      // only rows that wait for a time have its key
      { IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } },
      // only jobs that block their order keys have its key
      { IndexName: 'blocked', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['blockedKey'] } },
    ]);
  });
});

describe('what falls due', () => {
  it('the tick runs every minute, and may only read the due index and send references', () => {
    const rules = ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
    expect(rules.filter(({ Targets }) => JSON.stringify(Targets).includes('EveryDashminute'))).toMatchObject([
      { ScheduleExpression: 'cron(* * * * ? *)', State: 'ENABLED' },
    ]);
    expect(ownRightsOf(template, 'every-minute').map((right) => right.split(' ')[0])).toEqual([
      'dynamodb:Query',
      'sqs:SendMessage',
    ]);
  });

  it('on-due may read the inputs of scheduled jobs and the messages of started ones, and send into the queues of its stage only', () => {
    const rights = ownRightsOf(template, 'on-due').join('\n');
    expect(rights.match(/\}\/[a-z]+\/\*/g)).toEqual(['}/scheduled/*', '}/started/*', '}/failed/*']);
    expect(rights).toMatch(/sqs:SendMessage .*spillway-solo-\*/);
  });

  it.each(['on-due', 'replay-jobs'])(
    '%s may send into no DLQ, no queue of lost ends and no queue of events, though into all lanes',
    (name) => {
      const denied = ownRightsOf(template, name).find((right) => right.startsWith('not sqs:SendMessage '));
      const arns: string[] = JSON.parse(denied?.slice('not sqs:SendMessage '.length) ?? '[]');
      const isDenied = (queue: string) =>
        arns.some((arn) =>
          new RegExp(`:${arn.split(':')[5]?.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(`:${queue}`),
        );
      const own: string[] = ofType(template, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties.QueueName);
      const queues = [...own, 'spillway-solo-push.fifo', 'spillway-solo-events-inspection'];
      const lanes = jobTypesOf('processing').map((jobType) => laneName(jobType, 'solo'));
      expect(queues.filter((queue) => !isDenied(queue)).toSorted()).toEqual([...lanes, 'spillway-solo-due'].toSorted());
    },
  );

  it('a reference is kept for longer than its delay and its retries, and a person is called for what stays overdue', () => {
    const { MessageRetentionPeriod, VisibilityTimeout } = template.Resources.DueQueue?.Properties ?? {};
    expect(MessageRetentionPeriod).toBeGreaterThanOrEqual(180 + 3 * VisibilityTimeout);
    expect(template.Resources.OverdueAlarm?.Properties).toMatchObject({ MetricName: 'Overdue', Threshold: 0 });
  });

  it('the input of a job that is scheduled for a year is kept for as long as its row', () => {
    const { Rules } = template.Resources.ArchiveBucket?.Properties.LifecycleConfiguration ?? {};
    expect(Rules).toHaveLength(1);
    expect(Rules[0].ExpirationInDays).toBeGreaterThan(366 + 42);
  });
});

describe('uploads', () => {
  it('uploads that no job has opened expire after 15 days, and the others later than any record of their jobs', () => {
    const { Rules } = template.Resources.UploadBucket?.Properties.LifecycleConfiguration ?? {};
    expect(Rules).toMatchObject([
      { Status: 'Enabled', TagFilters: [{ Key: 'claim', Value: 'none' }], ExpirationInDays: 15 },
      { Status: 'Enabled', ExpirationInDays: 450 },
    ]);
    expect(template.Resources.ArchiveBucket?.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBeLessThan(
      450,
    );
  });
});

describe('orders', () => {
  it('orders are kept in a table that is on demand and recoverable', () => {
    expect(template.Resources.OrdersTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('orders are announced on an encrypted topic that refuses calls without TLS', () => {
    expect(template.Resources.OrdersTopic?.Properties.KmsMasterKeyId).toBe('alias/aws/sns');
    const [statement] = template.Resources.OrdersTopicPolicy?.Properties.PolicyDocument.Statement ?? [];
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  it.each([
    ['reserve-stock', ['dynamodb:UpdateItem']],
    ['release-stock', ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
    ['charge', ['dynamodb:UpdateItem']],
    ['refund', ['dynamodb:UpdateItem']],
    ['notify', ['dynamodb:UpdateItem', 'sns:Publish']],
  ])('the step %s of an order has only the permissions that it needs', (step, actions) => {
    const [read, write, ...rights] = ownRightsOf(template, `order-fulfilment-${step}`);
    // what is too long for a state, of this job type only
    const outputs = '[{"Fn::Sub":"${PayloadBucket.Arn}/steps/*/order-fulfilment/*"}]';
    expect([read, write]).toEqual([`s3:GetObject ${outputs}`, `s3:PutObject ${outputs}`]);
    expect(rights.map((right) => right.split(' ')[0])).toEqual(actions);
  });
});

it('the job that replays may send to every lane of its stage, and read failures, their messages and its own records', () => {
  const own = ownRightsOf(template, 'replay-jobs').slice(-11, -2);
  expect(own.map((right) => right.split(' ')[0])).toEqual([
    'dynamodb:Query',
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    's3:GetObject',
    's3:GetObject',
    's3:PutObject',
    's3:ListBucket',
    'sqs:SendMessage',
    'sqs:ChangeMessageVisibility',
  ]);
  expect(own.at(-1)).toContain(':spillway-solo-*');
  // a record that has expired is then missing, and not forbidden
  expect(own.find((right) => right.startsWith('s3:ListBucket'))).toContain('ArchiveBucket');
});

it('no alarm of blocked keys is paid for while no lane stops on failures', () => {
  expect(Object.keys(template.Resources).filter((id) => id.startsWith('Keys'))).toEqual([]);
});

it('the job that cancels may read jobs by its indexes, change them, stop durable workflows, and read and write its own records', () => {
  const own = ownRightsOf(template, 'cancel-jobs').slice(-7);
  expect(own.map((right) => right.split(' ')[0])).toEqual([
    'dynamodb:Query',
    'dynamodb:BatchGetItem',
    's3:GetObject',
    's3:PutObject',
    'states:StopExecution',
    'states:SendTaskFailure',
    's3:ListBucket',
  ]);
  const executions = 'arn:aws:states:eu-west-1:000000000000:execution:spillway-solo-';
  expect(own[4]).toBe(`states:StopExecution ${JSON.stringify(DURABLE.map((type) => `${executions}${type}:*`))}`);
  expect(own[0]?.match(/index\/[a-z0-9-]+/g)).toEqual([
    'index/by-type',
    'index/find-1',
    'index/find-2',
    'index/find-3',
  ]);
});

describe('documents', () => {
  const OUTPUTS = ['s3:GetObject', 's3:PutObject'];

  it.each([
    ['prepare', [...OUTPUTS, 'dynamodb:UpdateItem']],
    ['publish', [...OUTPUTS, 'dynamodb:UpdateItem']],
    ['withdraw', [...OUTPUTS, 'dynamodb:UpdateItem']],
    ['ask', [...OUTPUTS, 'dynamodb:UpdateItem', 'states:SendTaskSuccess']],
    ['end-question', [...OUTPUTS, 'dynamodb:UpdateItem']],
  ])('the step %s of an approval has only the permissions that it needs', (step, actions) => {
    const rights = ownRightsOf(template, `document-approval-${step}`);
    expect(rights.map((right) => right.split(' ')[0])).toEqual(actions);
  });
});

describe('bulk files', () => {
  const OUTPUTS = ['s3:GetObject', 's3:PutObject'];

  it.each([
    ['plan', [...OUTPUTS, 's3:GetObject', 's3:PutObjectTagging', 's3:ListBucket']],
    [
      'send',
      [...OUTPUTS, 's3:GetObject', 's3:PutObject', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'sqs:SendMessage'],
    ],
    ['finish', [...OUTPUTS, ...OUTPUTS]],
  ])('the step %s of a bulk file has only the permissions that it needs', (step, actions) => {
    const rights = ownRightsOf(template, `bulk-submit-${step}`);
    expect(rights.map((right) => right.split(' ')[0])).toEqual(actions);
  });

  it('a bulk file may be sent to the lanes that clients submit to, of every service', () => {
    const send = ownRightsOf(template, 'bulk-submit-send').find((right) => right.startsWith('sqs:SendMessage'));
    const lanes: string[] = JSON.parse(send?.slice('sqs:SendMessage '.length) ?? '[]');
    expect(lanes.map((arn) => arn.split(':').at(-1))).toEqual(activeJobTypes().map((each) => laneName(each, 'solo')));
  });
});
